import { describe, expect, test } from 'vitest'
import { guidAt } from './random.ts'
import { businessName } from './words.ts'
import { STATUS, TYPE, type World } from './world.ts'
import { createLargeWorld } from './world-large.ts'
import { createWorld } from './worlds.ts'

const all = (world: World) =>
  world.ids.map((id, at) => [id, world.name[at], world.parent[at], world.type[at], world.status[at]])
const count = (world: World, type: number) => world.type.filter((other) => other === type).length

test('the same seed gives the same world, another seed other GUIDs', () => {
  for (const name of ['demo', '10k'] as const) {
    expect(all(createWorld(name, 7))).toEqual(all(createWorld(name, 7)))
    expect(createWorld(name, 7).ids[0]).not.toBe(createWorld(name, 8).ids[0])
  }
})

test('GUIDs are well-formed and never twice', () => {
  const ids = new Set(Array.from({ length: 200_000 }, (_, n) => guidAt(1, n)))
  expect(ids.size).toBe(200_000)
  for (const id of [...ids].slice(0, 1000)) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})

test('names do not repeat among siblings', () => {
  expect(new Set(Array.from({ length: 49_000 }, (_, n) => businessName(n, 77))).size).toBe(49_000)
  const world = createWorld('10k')
  for (const children of world.children) {
    const names = (children ?? []).map((child) => world.name[child]?.toLowerCase())
    expect(new Set(names).size).toBe(names.length)
  }
})

describe('the demo world', () => {
  const world = createWorld('demo')
  test('about 300 companies of every kind and state', () => {
    expect(world.size).toBe(304)
    for (const type of [...Object.values(TYPE), 1042]) expect(count(world, type)).toBeGreaterThan(0)
    for (const status of Object.values(STATUS)) expect(world.status).toContain(status)
    expect(world.users.map(({ email }) => email.split('@')[0])).toEqual(['distributor', 'manager', 'msp', 'managed'])
  })
  test('names that programs trip over', () => {
    expect(world.name).toContain('<script>alert(1)</script>')
    expect(Math.max(...world.name.map((name) => name.length))).toBe(200)
    expect(world.name.filter((name) => name === 'Lékárna U Anděla')).toHaveLength(3)
    for (const start of ['=', '+', '-', '@']) expect(world.name.some((name) => name.startsWith(start))).toBe(true)
  })
})

test('large worlds: 8–9 % inner, one MSP with 5 %, a long tail', () => {
  const size = 20_000
  const world = createLargeWorld(size, 5)
  expect(world.size).toBe(size + 2)
  const inner = size - count(world, TYPE.customer)
  expect(inner / size).toBeGreaterThan(0.08)
  expect(inner / size).toBeLessThan(0.09)
  for (const type of Object.values(TYPE)) expect(count(world, type)).toBeGreaterThan(0)
  const sizes = world.children.filter((_, at) => world.type[at] === TYPE.msp).map((children) => children?.length ?? 0)
  expect(sizes[0]).toBe(size * 0.05)
  expect(sizes.filter((below) => below < 5).length).toBeGreaterThan(sizes.length / 3)
})
