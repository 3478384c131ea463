// Words of the tree beside the group's page.
export const treeEn = {
  title: 'Computers',
  /** Accessible name of the tree. */
  label: 'Static groups',
  search: 'Search by name',
  clearSearch: 'Clear the search',
  clearFilter: 'Show everything again',
  expandAll: 'Expand all',
  collapseAll: 'Collapse all',
  legend: 'Show only customers that are',
  matches_one: '{{shown}} match',
  matches_other: '{{shown}} matches',
  matchesSoFar: 'so far, customers are still loading',
  matchesPaged: 'the first {{shown}} of {{total}} customers; type more to narrow them down',
  noMatch: 'Nothing in the tree matches.',
  counts_one: '{{notSetUp}} / {{total}} customer not set up, subgroups included',
  counts_other: '{{notSetUp}} / {{total}} customers not set up, subgroups included',
  empty: 'No companies yet. They come from an EMA account: connect one, and its tree appears here.',
  connect: 'Connect an EMA account',
  failed: 'The tree could not be loaded.',
  gap: {
    loading: 'Loading {{what}}…',
    more: 'Not shown yet: {{what}}',
    load: 'Show more',
    error: 'Not loaded: {{what}}',
  },
}
