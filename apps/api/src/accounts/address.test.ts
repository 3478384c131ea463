import { describe, expect, test } from 'vitest'
import { OFFICIAL_HOSTS, toAllowedOrigin } from './address.ts'
import { isLoopback, isPublic } from './public.ts'

const OFFICIAL = { hosts: OFFICIAL_HOSTS, loopback: false }
const OPERATOR = { hosts: [...OFFICIAL_HOSTS, 'ema.example.com', 'lab.example.com:8443'], loopback: false }
const DEMO = { hosts: OFFICIAL_HOSTS, loopback: true }

const refusal = expect.objectContaining({ code: 'address-not-allowed' })

describe('allowed', () => {
  test.each([
    [OFFICIAL, 'https://mspapi.eset.com', 'https://mspapi.eset.com'],
    [OFFICIAL, 'https://mspapi.eset.com/', 'https://mspapi.eset.com'],
    [OFFICIAL, 'HTTPS://MSPAPI.ESET.COM', 'https://mspapi.eset.com'],
    [OFFICIAL, 'https://mspapi.eset.com:443/', 'https://mspapi.eset.com'],
    [OFFICIAL, '  https://mspapi.eset.com', 'https://mspapi.eset.com'],
    [OPERATOR, 'https://ema.example.com', 'https://ema.example.com'],
    [OPERATOR, 'https://lab.example.com:8443', 'https://lab.example.com:8443'],
    [DEMO, 'http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
    [DEMO, 'http://localhost:4010/', 'http://localhost:4010'],
    [DEMO, 'http://[::1]:4010', 'http://[::1]:4010'],
    [DEMO, 'https://mspapi.eset.com', 'https://mspapi.eset.com'],
  ])('%o %s', (allowed, typed, origin) => expect(toAllowedOrigin(typed, allowed)).toBe(origin))
})

/** Each is refused in production, whatever the operator's list, and all but the marked ones in the demo. */
const SPELLINGS = [
  // Another scheme.
  ...['http:', 'ftp:', 'file:', 'gopher:', 'ws:', 'wss:', 'data:', 'javascript:', 'blob:https:', 'jar:https:'].map(
    (scheme) => `${scheme}//mspapi.eset.com`,
  ),
  // Userinfo, paths and what is cut off.
  'https://user@mspapi.eset.com',
  'https://user:pass@mspapi.eset.com',
  'https://@mspapi.eset.com',
  'https://:@mspapi.eset.com',
  'https://mspapi.eset.com@evil.example',
  'https://mspapi.eset.com:443@evil.example',
  'https://mspapi.eset.com%40evil.example',
  'https://evil.example#@mspapi.eset.com',
  'https://evil.example?@mspapi.eset.com',
  'https://evil.example\\@mspapi.eset.com',
  'https://mspapi.eset.com\\.evil.example',
  'https://mspapi.eset.com/api',
  'https://mspapi.eset.com//',
  'https://mspapi.eset.com/%2e%2e',
  'https://mspapi.eset.com?',
  'https://mspapi.eset.com?x=1',
  'https://mspapi.eset.com#',
  'https://mspapi.eset.com#x',
  'https://',
  'https:',
  'mspapi.eset.com',
  '//mspapi.eset.com',
  '',
  // Names that look alike, lie above, below or beside.
  'https://mspapi.eset.com.',
  'https://mspapi.eset.com..',
  'https://mspapi.eset.com.evil.example',
  'https://xmspapi.eset.com',
  'https://mspapi.eset.com.localhost',
  'https://eset.com',
  'https://sub.mspapi.eset.com',
  'https://mspapi.eset.co',
  'https://mspapi-eset.com',
  'https://mspаpi.eset.com', // Cyrillic а
  'https://mspapi.еset.com', // Cyrillic е
  'https://mspapı.eset.com', // dotless ı
  'https://xn--mspapi-eset.com',
  'https://mspapi。evil.example',
  'https://mspapi%00.eset.com',
  'https://mspapi.eset.com%0d%0a.evil.example',
  'https://mspapi.eset.com%2f.evil.example',
  // Other ports, also of the operator's hosts.
  ...[0, 22, 80, 442, 444, 5432, 8443, 65535, 65536, -1].map((port) => `https://mspapi.eset.com:${port}`),
  'https://ema.example.com:8443',
  'https://lab.example.com',
  'https://lab.example.com:443',
  'https://lab.example.com:8444',
  // Names of machines near by.
  ...['localhost', 'localhost.', 'ema.localhost', 'intranet', 'printer.local', 'db.internal', 'router.home.arpa'].map(
    (name) => `https://${name}`,
  ),
  'https://metadata.google.internal',
  'https://169.254.169.254.nip.io',
  'https://127.0.0.1.nip.io',
  // IPv4, written in every way a browser knows.
  ...['127.0.0.1', '127.1', '127.0.1', '127.000.000.001', '2130706433', '0x7f000001', '0x7f.1', '017700000001'].map(
    (ip) => `https://${ip}`,
  ),
  ...[
    '0177.0.0.1',
    '0x7f.0x0.0x0.0x1',
    '１２７.０.０.１',
    '①②⑦.⓪.⓪.①',
    '127.0.0.1.',
    '0',
    '0.0.0.0',
    '127.127.127.127',
  ].map((ip) => `https://${ip}`),
  ...['10.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '100.127.255.254'].map(
    (ip) => `https://${ip}`,
  ),
  ...['169.254.169.254', '2852039166', '0xa9fea9fe', '169.254.43518', '255.255.255.255', '224.0.0.1', '8.8.8.8'].map(
    (ip) => `https://${ip}`,
  ),
  // IPv6, and IPv4 inside of it.
  ...['::1', '::', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1', '::7f00:1'].map(
    (ip) => `https://[${ip}]`,
  ),
  ...['64:ff9b::7f00:1', '64:ff9b::169.254.169.254', '2002:7f00:1::', '2002:a9fe:a9fe::1', 'fe80::1', 'fd00::1'].map(
    (ip) => `https://[${ip}]`,
  ),
  ...['fe80::1%25eth0', 'fe80::1%eth0', '::ffff:0:127.0.0.1', 'ff02::1', 'fec0::1', '2a00:1450::1', '::1'].map(
    (ip) => `https://[${ip}]:8443`,
  ),
]

describe(`${SPELLINGS.length} ways to write what may not be asked`, () => {
  test('are that many', () => expect(SPELLINGS.length).toBeGreaterThanOrEqual(120))

  test.each(SPELLINGS)('%s', (typed) => {
    for (const allowed of [OFFICIAL, OPERATOR]) expect(() => toAllowedOrigin(typed, allowed)).toThrow(refusal)
  })

  test.each(SPELLINGS.filter((typed) => !isThisMachine(typed)))('%s, in the demo', (typed) =>
    expect(() => toAllowedOrigin(typed, DEMO)).toThrow(refusal),
  )
})

function isThisMachine(typed: string): boolean {
  const host = URL.canParse(typed) ? new URL(typed).hostname.replace(/^\[|\]$/g, '') : ''
  return host === 'localhost' || host === '::1' || host.startsWith('127.') || host.startsWith('::ffff:7f')
}

const NOT_PUBLIC = `
  0.0.0.0 0.1.2.3 10.255.0.1 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 169.254.169.254
  172.16.0.0 172.31.255.255 192.0.0.1 192.0.2.1 192.168.255.255 198.18.0.1 198.51.100.1 203.0.113.1
  224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
  ::ffff:a9fe:a9fe 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001::1 2001:db8::1 fc00::1 fd12::1
  fe80::1 fec0::1 ff02::1 100::1 fe80::1%eth0 8.8.8.8%1 localhost 127.1 0x7f000001
`.split(/\s+/) // the empty text at both ends is one of them

describe('addresses', () => {
  test.each(['8.8.8.8', '1.1.1.1', '91.228.166.88', '172.15.255.255', '172.32.0.1', '100.63.255.255', '100.128.0.0'])(
    '%s is public',
    (address) => expect(isPublic(address)).toBe(true),
  )
  test.each(['2a00:1450::1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) =>
    expect(isPublic(address)).toBe(true),
  )
  test.each(NOT_PUBLIC)('%s is not public', (address) => expect(isPublic(address)).toBe(false))

  test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('%s is this machine', (address) =>
    expect(isLoopback(address)).toBe(true),
  )
  test.each(['10.0.0.1', '0.0.0.0', '::', '169.254.169.254', '::1%lo', '8.8.8.8'])(
    '%s is not this machine',
    (address) => expect(isLoopback(address)).toBe(false),
  )
})
