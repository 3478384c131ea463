/**
 * Passwords that are long enough and still guessed first. Pure. No list of rules about kinds of characters, which NIST and
 * OWASP advise against: what counts is what remains after the words that every guesser knows are taken out.
 */
const LEAST_CHARACTERS = 5
const LEAST_REMAINING = 3

/** Parts of the most frequent passwords of twelve characters and more, and words of this product. Longest first. */
const KNOWN = [
  ...['mspconsole', 'administrator', 'password', 'passwort', 'passw0rd', 'p@ssw0rd', 'p@ssword', 'heslo', 'qwertyuiop'],
  ...[
    'asdfghjkl',
    'zxcvbnm',
    'qwertzuiop',
    'yxcvbnm',
    'qwerty',
    'qwertz',
    'asdfgh',
    '1q2w3e4r5t',
    '1q2w3e4r',
    'q1w2e3r4',
  ],
  ...['1qaz2wsx3edc', '1qaz2wsx', 'iloveyou', 'letmein', 'welcome', 'superman', 'football', 'princess', 'sunshine'],
  ...[
    'dragon',
    'monkey',
    'shadow',
    'master',
    'changeme',
    'default',
    'secret',
    'internet',
    'computer',
    'trustno1',
    'admin',
  ],
  ...[
    'console',
    'abcdefghijkl',
    'abcdefgh',
    'abcdef',
    'abc',
    'msp',
    'spring',
    'summer',
    'autumn',
    'winter',
    'love',
    'test',
  ],
].sort((a, b) => b.length - a.length)

/** Why nobody should have this password, in one sentence, or null. @param own e-mail and name of the person */
export function findWeakness(password: string, own: readonly string[]): string | null {
  const text = password.toLowerCase()
  if (new Set(text).size < LEAST_CHARACTERS) return 'too few different characters'
  const words = own.flatMap((each) => each.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length >= 4)
  const remaining = [...words, ...KNOWN]
    .reduce((left, word) => left.replaceAll(word, ''), text)
    .replaceAll(/[^\p{L}]/gu, '')
  const digits = text.replaceAll(/[^0-9]/g, '')
  if (new Set(remaining).size >= LEAST_REMAINING || (digits.length >= 10 && !isRow(digits))) return null
  return 'made of words and rows that are guessed first; add something of your own'
}

/** Digits that follow each other or repeat. */
function isRow(digits: string): boolean {
  return '01234567890123456789012345678901234567890'.includes(digits) || /^(.{1,6})\1+/.test(digits)
}
