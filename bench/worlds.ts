import { toGuid, type ListedCompany } from '@msp-console/ema'
import { createWorld, type World, type WorldName } from '@msp-console/mock-ema'

/** A world's companies as a complete listing of its distributor would bring them; the account's own company first. */
export function toListing(world: World): ListedCompany[] {
  const own = world.users[0]?.company ?? 0
  return world.ids.flatMap((id, index): ListedCompany[] => {
    const parent = world.parent[index] ?? -1
    if (parent === -1 && index !== own) return []
    return [
      {
        guid: id,
        parentGuid: index === own ? null : toGuid(world.idOf(parent)),
        name: world.name[index] ?? '',
        typeCode: world.type[index],
        statusCode: world.status[index],
        email: world.email[index] ?? null,
        vatId: null,
        customIdentifier: world.customIdentifier[index] ?? null,
        description: null,
      },
    ]
  })
}

export function loadListing(name: WorldName): ListedCompany[] {
  return toListing(createWorld(name))
}

/** One company in a hundred is renamed, every third of those gets another state too. */
export function changeOnePercent(listing: readonly ListedCompany[], round: number): ListedCompany[] {
  return listing.map((company, index) =>
    index > 0 && index % 100 === 50
      ? {
          ...company,
          name: `${company.name} ${round}`,
          statusCode: index % 300 === 50 ? 2 + (round % 2) : company.statusCode,
        }
      : company,
  )
}
