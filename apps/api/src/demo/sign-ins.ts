// Who can be tried in the demo: one sign-in per role. Printed by the launcher, so this file imports nothing that needs a database.
import type { BuiltInSet, GroupKind } from '@msp-console/contract'

export const DEMO_PASSWORD = 'demo-Password-1'

export interface DemoSignIn {
  /** As the launcher prints it. */
  role: string
  name: string
  email: string
  set: BuiltInSet
  /** A group of the mock's world; null = everything. */
  home: { kind: GroupKind; name: string } | null
}

export const DEMO_ADMIN: DemoSignIn = {
  role: 'administrator',
  name: 'Demo Admin',
  email: 'admin@demo.example',
  set: 'administrator',
  home: null,
}

/** Made once the first sync has placed their homes. */
export const DEMO_OTHERS: readonly DemoSignIn[] = [
  {
    role: 'partner',
    name: 'Petra Partner',
    email: 'partner@demo.example',
    set: 'partner',
    home: { kind: 'distributor', name: 'Demo Distribution s.r.o.' },
  },
  {
    role: 'MSP manager',
    name: 'Marek Manager',
    email: 'manager@demo.example',
    set: 'mspManager',
    home: { kind: 'mspManager', name: 'Vysočina IT Group' },
  },
  {
    role: 'MSP admin',
    name: 'Alena Admin',
    email: 'msp@demo.example',
    set: 'mspAdmin',
    home: { kind: 'msp', name: 'Chytrá síť s.r.o.' },
  },
  {
    role: 'customer viewer',
    name: 'Viktor Viewer',
    email: 'viewer@demo.example',
    set: 'customerViewer',
    home: { kind: 'customer', name: 'Dub nábytek' },
  },
]
