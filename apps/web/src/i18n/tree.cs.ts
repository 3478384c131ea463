import type { treeEn } from './tree.en.ts'
import type { Translation } from './translation.ts'

export const treeCs: Translation<typeof treeEn> = {
  title: 'Počítače',
}
