import { NO_RIGHTS, type GroupLink, type View } from '@msp-console/contract'
import { beforeEach, expect, test, vi } from 'vitest'

/** What a browser keeps: keys are own properties, as in a real Storage. */
function createStorage(): Storage {
  const storage = Object.create({
    getItem: (key: string) => (Object.hasOwn(storage, key) ? storage[key] : null),
    setItem: (key: string, value: string) => void (storage[key] = value),
    removeItem: (key: string) => void delete storage[key],
  })
  return storage
}

beforeEach(() => {
  vi.stubGlobal('sessionStorage', createStorage())
  vi.stubGlobal('localStorage', createStorage())
})

/** A new document of the same tab: the module reads its choice once. */
async function load() {
  vi.resetModules()
  return import('./view.ts')
}

const group = (id: string): GroupLink => ({ id, kind: 'msp', name: `MSP ${id}` })
const user = { id: 'me', name: 'Me', email: 'me@x.example', twoFactor: false }
const viewAt = (id: string, preview: View['preview'] = null): View => ({
  root: group(id),
  rights: NO_RIGHTS,
  roots: [group(id)],
  preview,
})

test('nothing is sent until the server has given a view, which is then held', async () => {
  const view = await load()
  expect(view.viewHeaders()).toEqual({})
  expect(view.withView('/api/v1/events')).toBe('/api/v1/events')
  view.holdView({ user, view: viewAt('7') })
  expect(view.viewHeaders()).toEqual({ 'x-msp-root': '7' })
  expect(view.withView('/api/v1/customers.csv?q=a')).toBe('/api/v1/customers.csv?q=a&root=7')
  expect((await load()).viewHeaders()).toEqual({})
})

test('a chosen root is kept by the tab and is the default of the next one; the tree starts afresh', async () => {
  const view = await load()
  view.holdView({ user, view: viewAt('7') })
  sessionStorage.setItem('msp-console.tree.open', '[1]')
  view.chooseRoot(viewAt('7'), '8')
  expect(view.viewHeaders()).toEqual({ 'x-msp-root': '7' })
  expect(sessionStorage.getItem('msp-console.tree.open')).toBeNull()
  expect((await load()).viewHeaders()).toEqual({ 'x-msp-root': '8' })
  vi.stubGlobal('sessionStorage', createStorage())
  expect((await load()).viewHeaders()).toEqual({ 'x-msp-root': '8' })
})

test('a preview survives a reload with the root of its own choice, and ends without a trace', async () => {
  const other = { id: 'u2', name: 'Other', email: 'o@x.example' }
  let view = await load()
  view.holdView({ user, view: viewAt('7') })
  view.choosePreview('u2')
  view = await load()
  expect(view.viewHeaders()).toEqual({ 'x-msp-root': '7', 'x-msp-preview': 'u2' })
  view.holdView({ user, view: viewAt('70', other) })
  expect(view.viewHeaders()).toEqual({ 'x-msp-root': '7', 'x-msp-preview': 'u2:70' })
  view.chooseRoot(viewAt('70', other), '71')
  view = await load()
  expect(view.withView('/f')).toBe('/f?root=7&preview=u2%3A71')
  view.endPreview()
  expect((await load()).viewHeaders()).toEqual({ 'x-msp-root': '7' })
})

test('what the server does not know any more is let go of: first the preview, then the root, then nothing is left', async () => {
  const first = await load()
  first.chooseRoot(viewAt('7'), '8')
  const view = await load()
  view.choosePreview('u2')
  const later = await load()
  expect(later.forgetChoice()).toBe(true)
  expect(later.viewHeaders()).toEqual({ 'x-msp-root': '8' })
  expect(later.forgetChoice()).toBe(true)
  expect(later.viewHeaders()).toEqual({})
  expect(later.forgetChoice()).toBe(false)
  expect((await load()).viewHeaders()).toEqual({})
})

test('signing out, and a session that ended, leave no preview behind', async () => {
  const view = await load()
  view.holdView({ user, view: viewAt('7') })
  view.choosePreview('u2')
  const later = await load()
  later.holdView({ user: null, view: null })
  expect(later.viewHeaders()).toEqual({ 'x-msp-root': '7' })
  later.forgetView()
  expect((await load()).viewHeaders()).toEqual({})
})
