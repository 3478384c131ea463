import type { rightsEn } from './rights.en.ts'
import type { Translation } from './translation.ts'

export const rightsCs: Translation<typeof rightsEn> = {
  object: {
    groups: 'Skupiny a společnosti',
    setup: 'Nastavení zákazníků',
    sync: 'Synchronizace',
    accounts: 'Účty EMA',
    users: 'Uživatelé a práva',
    audit: 'Auditní záznam',
  },
  level: { none: 'Žádné', read: 'Čtení', use: 'Použití', write: 'Zápis' },
}
