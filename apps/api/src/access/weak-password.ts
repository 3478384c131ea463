/**
 * Passwords that are long enough and still guessed first. Pure. No list of rules about kinds of characters, which NIST and
 * OWASP advise against: what counts is what remains after the words that every guesser knows are taken out.
 */
const LEAST_CHARACTERS = 5
const LEAST_REMAINING = 3

/** Parts of the most frequent passwords of twelve characters and more, and words of this product. Longest first. */
const KNOWN = `
  1qaz2wsx3edc 1q2w3e4r5t abcdefghijkl administrator 1q2w3e4r mspconsole q1w2e3r4 qwertyuiop qwertzuiop 1qaz2wsx asdfghjkl
  iloveyou superman football princess sunshine changeme internet computer trustno1 abcdefgh p@ssword password passwort
  passw0rd p@ssw0rd zxcvbnm yxcvbnm letmein welcome default console qwerty qwertz asdfgh dragon monkey shadow master secret
  abcdef spring summer autumn winter admin heslo love test abc msp
`
  .trim()
  .split(/\s+/)
  .sort((a, b) => b.length - a.length)

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
