// Words of the tree beside the group's page.
export const treeEn = {
  title: 'Computers',
}
