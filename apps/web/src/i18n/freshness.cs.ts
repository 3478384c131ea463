import type { freshnessEn } from './freshness.en.ts'
import type { Translation } from './translation.ts'

export const freshnessCs: Translation<typeof freshnessEn> = {
  next: 'další synchronizace {{when}}',
  nextAt: 'Další synchronizace: {{at}}',
  soon: 'za chvíli',
  running: 'synchronizace běží',
  onDemand: 'jen na vyžádání',
  waits: 'až po zásahu správce',
  stale: 'Data účtu {{account}} jsou zastaralá, naposledy načtena {{age}}.',
  staleNever: 'Účet {{account}} se ještě nepodařilo celý načíst.',
  staleMore_one: 'Totéž platí pro {{shown}} další účet.',
  staleMore_few: 'Totéž platí pro {{shown}} další účty.',
  staleMore_many: 'Totéž platí pro {{shown}} dalšího účtu.',
  staleMore_other: 'Totéž platí pro {{shown}} dalších účtů.',
  everyMinutes_one: 'každou minutu',
  everyMinutes_few: 'každé {{shown}} minuty',
  everyMinutes_many: 'každé {{shown}} minuty',
  everyMinutes_other: 'každých {{shown}} minut',
  everyHours_one: 'každou hodinu',
  everyHours_few: 'každé {{shown}} hodiny',
  everyHours_many: 'každé {{shown}} hodiny',
  everyHours_other: 'každých {{shown}} hodin',
  off: 'jen na vyžádání',
}
