import type { treeEn } from './tree.en.ts'
import type { Translation } from './translation.ts'

export const treeCs: Translation<typeof treeEn> = {
  title: 'Počítače',
  label: 'Statické skupiny',
  search: 'Hledat podle názvu',
  clearSearch: 'Vymazat hledání',
  clearFilter: 'Zobrazit zase vše',
  expandAll: 'Rozbalit vše',
  collapseAll: 'Sbalit vše',
  legend: 'Zobrazit jen zákazníky ve stavu',
  matches_one: '{{shown}} nalezený',
  matches_few: '{{shown}} nalezené',
  matches_many: '{{shown}} nalezeného',
  matches_other: '{{shown}} nalezených',
  matchesSoFar: 'zatím, zákazníci se ještě načítají',
  noMatch: 'Ve stromu nic neodpovídá.',
  counts_one: 'Nenastaveno {{notSetUp}} z {{total}} zákazníka, včetně podskupin',
  counts_few: 'Nenastaveno {{notSetUp}} ze {{total}} zákazníků, včetně podskupin',
  counts_many: 'Nenastaveno {{notSetUp}} z {{total}} zákazníků, včetně podskupin',
  counts_other: 'Nenastaveno {{notSetUp}} z {{total}} zákazníků, včetně podskupin',
  empty: 'Zatím tu nejsou žádné společnosti. Přicházejí z účtu EMA: připojte jej a jeho strom se objeví zde.',
  connect: 'Připojit účet EMA',
  failed: 'Strom se nepodařilo načíst.',
  gap: {
    loading: 'Načítání: {{what}}…',
    error: 'Nenačteno: {{what}}',
  },
}
