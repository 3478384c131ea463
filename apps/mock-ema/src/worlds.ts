import { createDemoWorld } from './world-demo.ts'
import { createLargeWorld } from './world-large.ts'
import type { World } from './world.ts'

export const WORLD_NAMES = ['demo', '10k', '100k', '1m'] as const
export type WorldName = (typeof WORLD_NAMES)[number]

/** The same name and seed always give the same companies with the same GUIDs. */
export function createWorld(name: WorldName, seed = 1): World {
  switch (name) {
    case 'demo':
      return createDemoWorld(seed)
    case '10k':
      return createLargeWorld(10_000, seed)
    case '100k':
      return createLargeWorld(100_000, seed)
    case '1m':
      return createLargeWorld(1_000_000, seed)
  }
}
