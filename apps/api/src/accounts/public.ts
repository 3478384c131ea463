// Addresses that lead out into the internet, and those that lead to this machine, its network or a cloud's metadata.
import { BlockList, isIP } from 'node:net'

const SPECIAL_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
] as const

/** Also every way of writing an IPv4 address inside an IPv6 one: which of them a network translates is not ours to know. */
const SPECIAL_V6 = [
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/9',
  'ff00::/8',
] as const

const special = new BlockList()
for (const range of SPECIAL_V4) add(special, range, 'ipv4')
for (const range of SPECIAL_V6) add(special, range, 'ipv6')
// Mapped addresses are the IPv4 ones, which the list sees through by itself.
const loopback = new BlockList()
add(loopback, '127.0.0.0/8', 'ipv4')
add(loopback, '::1/128', 'ipv6')

function add(list: BlockList, range: string, family: 'ipv4' | 'ipv6'): void {
  const [net = '', bits = ''] = range.split('/')
  list.addSubnet(net, Number(bits), family)
}

/** @param address without brackets; what is no address, or one with a zone, is not public */
export function isPublic(address: string): boolean {
  return isIP(address) > 0 && !address.includes('%') && !special.check(address, familyOf(address))
}

export function isLoopback(address: string): boolean {
  return isIP(address) > 0 && !address.includes('%') && loopback.check(address, familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}
