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
  matches_one: 'Nalezeno: {{shown}}',
  matches_few: 'Nalezeno: {{shown}}',
  matches_many: 'Nalezeno: {{shown}}',
  matches_other: 'Nalezeno: {{shown}}',
  matchesSoFar: 'zatím, zákazníci se ještě načítají',
  matchesPaged: 'prvních {{shown}} z {{total}} zákazníků; upřesněte hledání',
  noMatch: 'Ve stromu nic neodpovídá.',
  counts_one: 'nenastaveno {{notSetUp}} z {{total}} zákazníka, včetně podskupin',
  counts_few: 'nenastaveno {{notSetUp}} ze {{total}} zákazníků, včetně podskupin',
  counts_many: 'nenastaveno {{notSetUp}} z {{total}} zákazníka, včetně podskupin',
  counts_other: 'nenastaveno {{notSetUp}} z {{total}} zákazníků, včetně podskupin',
  empty: 'Zatím tu nejsou žádné společnosti. Přicházejí z účtu EMA: připojte jej a jeho strom se objeví zde.',
  connect: 'Připojit účet EMA',
  failed: 'Strom se nepodařilo načíst.',
  gap: {
    loading: 'Načítání: {{what}}…',
    more: 'Zatím nezobrazeno: {{what}}',
    load: 'Zobrazit další',
    error: 'Nenačteno: {{what}}',
  },
}
