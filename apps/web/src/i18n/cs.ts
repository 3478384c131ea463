import { commonCs } from './common.cs.ts'
import type { en } from './en.ts'
import type { Translation } from './translation.ts'
import { treeCs } from './tree.cs.ts'

export const cs: Translation<typeof en> = { ...commonCs, tree: treeCs }
