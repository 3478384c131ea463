// The shapes of companies in answers: camelCase below Company and User, PascalCase in Search. JSON only: EMA can also
// answer XML when asked to, no known client does.
import { searchTypeId } from './view.ts'
import { STATUS, TYPE, type User, type World } from './world.ts'

const TYPE_NAMES = new Map([
  [TYPE.hq, 'ESET HQ'],
  [TYPE.distributor, 'Distributor'],
  [TYPE.division, 'Division'],
  [TYPE.manager, 'MSP Manager'],
  [TYPE.msp, 'MSP'],
  [TYPE.managed, 'Managed MSP'],
  [TYPE.customer, 'MSP Customer'],
])

const STATE_NAMES = new Map([
  [STATUS.normal, 'Normal'],
  [STATUS.waiting, 'Waiting for activation'],
  [STATUS.suspended, 'Suspended'],
])

export const entityTypes = [...TYPE_NAMES].map(([id, name]) => ({ id, name }))

export function presentMain(world: World, index: number) {
  return {
    publicId: world.idOf(index),
    name: world.name[index],
    type: world.type[index],
    email: world.email[index] ?? null,
    status: world.status[index],
  }
}

/** @param withParent whether rows carry `ParentId`: one client reads it, the documentation does not promise it */
export function presentFound(world: World, index: number, withParent: boolean) {
  const type = world.type[index] ?? 0
  const status = world.status[index] ?? 0
  const extra = world.extras.get(index)
  return {
    Name: world.name[index],
    CompanyId: world.idOf(index).toUpperCase(),
    Email: world.email[index] ?? null,
    Type: TYPE_NAMES.get(type) ?? String(type),
    State: STATE_NAMES.get(status) ?? String(status),
    CompanyTypeId: searchTypeId(type),
    StatusId: status,
    CustomIdentifier: world.customIdentifier[index] ?? null,
    VatId: extra?.vatId ?? null,
    Description: extra?.description ?? '',
    ...(withParent ? { ParentId: world.ids[world.parent[index] ?? -1] ?? null } : {}),
  }
}

export function presentDetail(world: World, index: number) {
  const parent = world.parent[index] ?? -1
  const {
    vatId = null,
    description = '',
    comment = '',
    tags = [],
    address = {},
    trusted,
  } = world.extras.get(index) ?? {}
  const { countryCode = 'CZE', state = '', city = '', streetAddress = '', zipCode = '' } = address
  return {
    ancestor:
      parent < 0
        ? null
        : {
            id: world.idOf(parent),
            name: world.name[parent],
            type: world.type[parent],
          },
    id: world.idOf(index),
    name: world.name[index],
    type: world.type[index],
    status: world.status[index],
    email: world.email[index] ?? null,
    customIdentifier: world.customIdentifier[index] ?? null,
    vatId,
    description,
    comment,
    tags: tags.map((tag) => ({ tag })),
    address: {
      countryCode,
      state,
      city,
      streetAddress,
      zipCode,
    },
    ...(trusted === undefined ? {} : { trusted }),
    created: new Date(world.createdAt(index)).toISOString(),
    lastUpdate: new Date(world.updated[index] ?? 0).toISOString(),
  }
}

export function presentUser(world: World, { id, firstName, lastName, email, company }: User) {
  return {
    id,
    firstName,
    lastName,
    email,
    description: null,
    phoneNumber: null,
    twoFactorEnabled: false,
    status: 1,
    created: new Date(world.createdAt(company)).toISOString(),
    lastUpdate: new Date(world.createdAt(company)).toISOString(),
    company: {
      companyId: world.idOf(company),
      name: world.name[company],
      type: world.type[company],
    },
    country: { countryCode: 'CZE' },
    timeZone: {
      name: 'Central Europe Standard Time',
      code: 'CET',
      timeShift: 1,
    },
  }
}
