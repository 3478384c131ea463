// What changes the world: create, update (a patch: omitted keeps, empty erases), suspend, unsuspend, delete.
// Not documented and therefore this mock's own: the shape of create and suspend answers, and the states of an operation.
import { companyIn, requireWrite, type Call, type Endpoint } from './endpoint.ts'
import type { Fields } from './fields.ts'
import { guidAt } from './random.ts'
import { refuse } from './refusal.ts'
import { STATUS, TYPE, type Address, type Extra, type World } from './world.ts'

/** Operation states of this mock. */
const OPERATION = { running: 1, finished: 2 }

type Operation = { doneAt: number; apply: () => void; isDone: boolean }

/** @param operationMs how long a suspension takes to show */
export function writingEndpoints(operationMs: number): { endpoints: Endpoint[]; settle: (now: number) => void } {
  const operations = new Map<string, Operation>()

  const settle = (now: number) => {
    for (const operation of operations.values()) {
      if (operation.isDone || operation.doneAt > now) continue
      operation.apply()
      operation.isDone = true
    }
  }

  const setStatus = (call: Call, from: (status: number) => boolean, to: number, problem: string) => {
    const { world, view, now } = call
    const index = companyIn(call, 'companyId')
    requireWrite(call, index)
    if (world.parent[index] !== view.user.company) throw refuse.access()
    if (!from(world.status[index] ?? 0)) throw refuse.state(problem)
    const operationId = guidAt(world.seed + 2, operations.size)
    const apply = () => {
      world.status[index] = to
      world.touch(index, now)
    }
    operations.set(operationId, { doneAt: now + operationMs, apply, isDone: false })
    settle(now)
    return { operationId }
  }

  const endpoints: Endpoint[] = [
    { method: 'POST', path: '/Company/Create/customer', answer: createCustomer },
    { method: 'POST', path: '/Company/Create/msp', answer: createMsp },
    { method: 'POST', path: '/Company/Create/managedmsp', answer: createManagedMsp },
    { method: 'POST', path: '/Company/Update/customer', answer: (call) => update(call, [TYPE.customer]) },
    { method: 'POST', path: '/Company/Update/msp', answer: (call) => update(call, [TYPE.msp, TYPE.manager]) },
    { method: 'POST', path: '/Company/Update/managedmsp', answer: (call) => update(call, [TYPE.managed]) },
    { method: 'POST', path: '/Company/Delete', answer: remove },
    {
      method: 'POST',
      path: '/Company/Suspend',
      answer: (call) =>
        setStatus(call, (status) => status !== STATUS.suspended, STATUS.suspended, 'Already suspended.'),
    },
    {
      method: 'POST',
      path: '/Company/Unsuspend',
      answer: (call) => setStatus(call, (status) => status === STATUS.suspended, STATUS.normal, 'Not suspended.'),
    },
    {
      method: 'GET',
      path: '/Operation/:id',
      answer: ({ params }) => {
        const operation = operations.get((params['id'] ?? '').toLowerCase())
        if (operation === undefined) throw refuse.absent()
        return { state: operation.isDone ? OPERATION.finished : OPERATION.running }
      },
    },
  ]
  return { endpoints, settle }
}

function createCustomer(call: Call) {
  const { world, view, fields } = call
  const parentId = fields.guid('parentCompanyId')
  const parent = parentId === undefined || parentId === '' ? view.user.company : companyIn(call, 'parentCompanyId')
  if (!isType(world, parent, [TYPE.manager, TYPE.msp, TYPE.managed])) {
    throw refuse.field('parentCompanyId', 'Customers belong to an MSP, a Managed MSP or an MSP Manager.')
  }
  return create(call, parent, TYPE.customer, STATUS.normal)
}

function createMsp(call: Call) {
  const { world, view, fields } = call
  fields.required('email')
  if (!isType(world, view.user.company, [TYPE.distributor])) throw refuse.access()
  const division = fields.guid('divisionId')
  const parent = division === undefined || division === '' ? view.user.company : divisionOf(call)
  return create(call, parent, fields.flag('manager') ? TYPE.manager : TYPE.msp, STATUS.waiting)
}

function createManagedMsp(call: Call) {
  const { world, view, fields } = call
  fields.required('email')
  if (!isType(world, view.user.company, [TYPE.manager])) throw refuse.access()
  return create(call, view.user.company, TYPE.managed, STATUS.waiting, { trusted: true })
}

function create(call: Call, parent: number, type: number, status: number, own: Extra = {}) {
  const { world, fields, now } = call
  const name = fields.required('name')
  if (!fields.has('address')) fields.required('address')
  const address = readAddress(fields, true)
  const email = fields.text('email') || undefined
  fields.check()
  requireWrite(call, parent)
  refuseSameName(world, parent, name, -1)
  refuseSameEmail(world, type, email, -1)
  const extra: Extra = { ...own, address, tags: fields.tags('tags'), ...readTexts(fields) }
  const customIdentifier = fields.text('customIdentifier') || undefined
  const index = world.add({
    parent,
    type,
    status,
    name,
    extra,
    ...(email === undefined ? {} : { email }),
    ...(customIdentifier === undefined ? {} : { customIdentifier }),
  })
  world.touch(index, now)
  return { publicId: world.idOf(index) }
}

function update(call: Call, types: number[]): object {
  const { world, fields, now } = call
  const index = companyIn(call, 'companyId')
  requireWrite(call, index)
  const type = world.type[index] ?? 0
  if (!types.includes(type)) throw refuse.field('companyId', 'The company is of another type.')
  const name = fields.has('name') ? fields.required('name') : undefined
  const email = fields.has('email') && type !== TYPE.customer ? fields.required('email') : fields.text('email')
  const division = type === TYPE.customer || type === TYPE.managed ? undefined : fields.guid('divisionId')
  const address = readAddress(fields, false)
  const customIdentifier = fields.text('customIdentifier')
  fields.check()

  // Everything is checked before anything changes: a refused update changes nothing.
  const parent =
    division === undefined ? world.parent[index] : division === '' ? call.view.user.company : divisionOf(call)
  if (parent === undefined) throw refuse.access()
  const isMoving = parent !== world.parent[index]
  if (isMoving) requireWrite(call, parent)
  if (name !== undefined || isMoving) refuseSameName(world, parent, name ?? world.name[index] ?? '', index)
  refuseSameEmail(world, type, email, index)

  if (name !== undefined) world.name[index] = name
  if (email !== undefined) world.email[index] = email || undefined
  if (customIdentifier !== undefined) world.customIdentifier[index] = customIdentifier || undefined
  if (isMoving) world.move(index, parent)
  world.extras.set(index, patchExtra(world.extras.get(index) ?? {}, fields, address))
  world.touch(index, now)
  return {}
}

function remove(call: Call): undefined {
  const { world } = call
  const index = companyIn(call, 'companyId')
  requireWrite(call, index)
  if (world.status[index] !== STATUS.suspended) throw refuse.state('The company must be suspended first.')
  world.remove(index)
}

function divisionOf(call: Call): number {
  const index = companyIn(call, 'divisionId')
  if (!isType(call.world, index, [TYPE.division])) throw refuse.field('divisionId', 'Not a Division.')
  return index
}

function isType(world: World, index: number, types: number[]): boolean {
  return types.includes(world.type[index] ?? 0)
}

/** Names are unique among siblings only. */
function refuseSameName(world: World, parent: number, name: string, self: number): void {
  const wanted = name.toLowerCase()
  const isTaken = world.children[parent]?.some((at) => at !== self && world.name[at]?.toLowerCase() === wanted)
  if (isTaken) throw refuse.field('name', 'The name is already used by another company of this parent.')
}

/** E-mails are unique among everything but customers. */
function refuseSameEmail(world: World, type: number, email: string | undefined, self: number): void {
  if (type === TYPE.customer || email === undefined || email === '') return
  const wanted = email.toLowerCase()
  const isTaken = world.email.some(
    (other, at) =>
      at !== self &&
      other?.toLowerCase() === wanted &&
      world.type[at] !== TYPE.customer &&
      world.find(world.idOf(at)) === at,
  )
  if (isTaken) throw refuse.field('email', 'The e-mail is already used.')
}

const ADDRESS = ['countryCode', 'state', 'city', 'streetAddress', 'zipCode'] as const

function readAddress(fields: Fields, isNew: boolean): Address {
  const group = fields.group('address')
  const sent = ADDRESS.filter((part) => isNew || group.has(part))
  return Object.fromEntries(sent.map((part) => [part, group.text(part) ?? '']))
}

function readTexts(fields: Fields): Extra {
  const parts = (['vatId', 'description', 'comment'] as const).filter((part) => fields.has(part))
  return Object.fromEntries(parts.map((part) => [part, fields.text(part) ?? '']))
}

function patchExtra(extra: Extra, fields: Fields, address: Address): Extra {
  const removed = fields.tags('tagsToRemove')
  const tags = [...new Set([...(extra.tags ?? []), ...fields.tags('tagsToAdd')])].filter(
    (tag) => !removed.includes(tag),
  )
  const texts = readTexts(fields)
  const trusted = fields.has('trusted') ? { trusted: fields.flag('trusted') } : {}
  return { ...extra, ...texts, ...trusted, tags, address: { ...extra.address, ...address } }
}
