import { commonEn } from './common.en.ts'
import { treeEn } from './tree.en.ts'

export const en = { ...commonEn, tree: treeEn }
