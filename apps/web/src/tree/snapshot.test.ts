import type { Tree } from '@msp-console/contract'
import { expect, test } from 'vitest'
import { type Parts, toSnapshot } from './snapshot.ts'
import { plainGroup, toWire } from './testing.ts'

const customer = (id: number) => ({ id, name: `Customer ${id}`, state: 'normal' as const })

function world(generation: string) {
  const whole = toWire(
    [plainGroup(1, 'All', { groups: [plainGroup(2, 'Alfa', { customers: [customer(20), customer(21)] })] })],
    generation,
  )
  const first = toWire([plainGroup(1, 'All', { hiddenGroups: 1 })], generation)
  return {
    opened: first,
    inner: { ...whole, customers: null } satisfies Tree,
    customers: { ...whole, inner: null } satisfies Tree,
  }
}

const one = world('1')
const two = world('2')
const parts = (some: Partial<Parts>): Parts => ({
  opened: undefined,
  inner: undefined,
  customers: undefined,
  customersFailed: false,
  toName: (_kind, name) => name,
  ...some,
})

test('the parts come one after the other', () => {
  expect(toSnapshot(null, parts({}))).toBeNull()
  expect(toSnapshot(null, parts({ opened: one.opened }))?.inner.size).toBe(1)
  const inner = toSnapshot(null, parts({ opened: one.opened, inner: one.inner }))
  expect([inner?.inner.size, inner?.customer.size, inner?.complete]).toEqual([2, 0, false])
  const whole = toSnapshot(inner, parts({ ...one }))
  expect([whole?.inner.size, whole?.customer.size, whole?.complete]).toEqual([2, 2, true])
})

test('customers of the first part stay when the groups of the same generation come, of no other', () => {
  const opened = toWire([plainGroup(2, 'Alfa', { customers: [customer(20)], hiddenCustomers: 1 })], '1')
  expect(toSnapshot(null, parts({ opened, inner: one.inner }))?.customer.size).toBe(1)
  expect(toSnapshot(null, parts({ opened, inner: two.inner }))?.customer.size).toBe(0)
})

test('a whole tree stays until the next one is whole', () => {
  const whole = toSnapshot(null, parts({ ...one }))
  expect(toSnapshot(whole, parts({ inner: two.inner, customers: one.customers }))).toBe(whole)
  expect(toSnapshot(whole, parts({ inner: one.inner, customers: two.customers }))?.generation).toBe('1')
  expect(toSnapshot(whole, parts({ inner: two.inner, customers: two.customers }))?.generation).toBe('2')
})

test('customers that cannot be had do not hold the groups back', () => {
  const whole = toSnapshot(null, parts({ ...one }))
  const next = toSnapshot(whole, parts({ inner: two.inner, customers: one.customers, customersFailed: true }))
  expect([next?.generation, next?.customer.size]).toEqual(['2', 0])
})

test('an answer without customers is an answer', () => {
  const whole = toSnapshot(null, parts({ ...one }))
  const tooMany = { ...two.customers, customers: null }
  expect(toSnapshot(whole, parts({ inner: two.inner, customers: tooMany }))?.generation).toBe('2')
})
