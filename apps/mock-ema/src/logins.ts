import { LEVEL, type User, type World } from './world.ts'

/** One password for every login of every world: it protects invented data only. */
export const DEMO_PASSWORD = 'demo-Password-1'

export function addDemoUser(world: World, name: string, company: number, permission = LEVEL.write): User {
  const firstName = name.charAt(0).toUpperCase() + name.slice(1)
  const email = `${name}@demo.example`
  return world.addUser({ email, password: DEMO_PASSWORD, firstName, lastName: 'Demo', company, permission })
}
