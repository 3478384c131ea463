// Which addresses may be asked. What a user types here makes the server open connections, so in production it is https to
// a public name or address only. (A name may still resolve to a private address; resolving and pinning come with rights.)
import { BlockList, isIP } from 'node:net'
import { ProblemError } from '../http/problem.ts'

const PRIVATE = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv6')

/**
 * The origin to connect to. `allowPrivate` is for the demo, whose source runs on this machine.
 * @throws ProblemError `address-not-allowed`
 */
export function toAllowedOrigin(baseUrl: string, allowPrivate: boolean): string {
  const url = new URL(baseUrl)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || url.pathname !== '/')
    throw new ProblemError('address-not-allowed', 'Give the address without a path, such as https://mspapi.eset.com.')
  if (allowPrivate) return url.origin
  if (url.protocol !== 'https:') throw new ProblemError('address-not-allowed', 'Only https is allowed.')
  if (isPrivate(url.hostname)) throw new ProblemError('address-not-allowed', 'This address is not a public one.')
  return url.origin
}

function isPrivate(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  const family = isIP(bare)
  if (family === 0) return !bare.includes('.') || /(^|\.)(localhost|local|internal|home\.arpa)\.?$/i.test(bare)
  // The block list sees an IPv4 address inside an IPv6 one by itself.
  return PRIVATE.check(bare, family === 4 ? 'ipv4' : 'ipv6')
}
