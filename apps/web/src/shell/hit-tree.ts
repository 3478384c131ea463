import type { GroupLink, Reply, searchGroups } from '@msp-console/contract'

export type Hit = Reply<typeof searchGroups>['items'][number]

/** A line of the result: a hit, or an ancestor that only says where the hits below it stand. */
export interface HitRow {
  group: GroupLink
  depth: number
  hit: Hit | null
}

interface Node {
  group: GroupLink
  hit: Hit | null
  children: Map<string, Node>
}

/** Hits inside their ancestors, each ancestor once, in the order in which the server found them. */
export function toHitRows(hits: readonly Hit[]): HitRow[] {
  const top = new Map<string, Node>()
  for (const hit of hits) {
    let level = top
    for (const ancestor of hit.ancestors) {
      if (ancestor.kind === 'all' || ancestor.kind === 'companies') continue
      level = enter(level, ancestor).children
    }
    enter(level, hit).hit = hit
  }
  const rows: HitRow[] = []
  const walk = (level: Map<string, Node>, depth: number): void => {
    for (const node of level.values()) {
      rows.push({ group: node.group, depth, hit: node.hit })
      walk(node.children, depth + 1)
    }
  }
  walk(top, 0)
  return rows
}

function enter(level: Map<string, Node>, group: GroupLink): Node {
  const known = level.get(group.id)
  if (known !== undefined) return known
  const node: Node = { group, hit: null, children: new Map() }
  level.set(group.id, node)
  return node
}
