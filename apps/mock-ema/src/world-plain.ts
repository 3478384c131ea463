import { addDemoUser } from './logins.ts'
import { NO_PARENT, TYPE, World } from './world.ts'

/** The smallest world worth listing, for tests: a distributor, its MSPs, and as many customers below each of them. */
export function createPlainWorld(msps = 5, customersEach = 60, seed = 3): World {
  const world = new World(seed)
  const root = world.add({ parent: NO_PARENT, type: TYPE.distributor, name: 'Root' })
  addDemoUser(world, 'distributor', root)
  for (let m = 0; m < msps; m += 1) {
    const msp = world.add({ parent: root, type: TYPE.msp, name: `MSP ${m}`, email: `msp${m}@providers.example` })
    for (let c = 0; c < customersEach; c += 1) {
      world.add({ parent: msp, type: TYPE.customer, name: `C ${c}`, customIdentifier: `P:${m}.${c}` })
    }
  }
  return world
}
