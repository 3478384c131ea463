import type { rehearsalEn } from './rehearsal.en.ts'
import type { Translation } from './translation.ts'

export const rehearsalCs: Translation<typeof rehearsalEn> = {
  title: 'Nácvik',
  lead: 'Vyzkoušejte si potíže s EMA: spusťte některou, synchronizujte a podívejte se, co konzole udělá. Vše lze vrátit zpět.',
  nav: 'Nácvik',
  start: 'Provést',
  again: 'Probíhá',
  restore: 'Vrátit vše zpět',
  none: 'Nic se nenacvičuje, zdroj odpovídá správně.',
  active: 'Probíhá',
  about_one: '{{subject}}, {{shown}} společnost',
  about_few: '{{subject}}, {{shown}} společnosti',
  about_many: '{{subject}}, {{shown}} společnosti',
  about_other: '{{subject}}, {{shown}} společností',
  count_one: '{{shown}} společnost',
  count_few: '{{shown}} společnosti',
  count_many: '{{shown}} společnosti',
  count_other: '{{shown}} společností',
  started: 'Hotovo. Synchronizujte dvakrát a uvidíte, jak si konzole poradí.',
  restored: 'Zdroj zase odpovídá správně. Další synchronizace vše vrátí.',
  loseSubtree: {
    title: 'Ztratit podstrom',
    what: 'Poskytovatel se všemi svými zákazníky zmizí z EMA, jako by nikdy nebyl.',
    result:
      'První synchronizace je označí jako nenalezené. Druhá se na ně EMA zeptá jednotlivě a odstranění pozastaví: rozhodnete vy.',
  },
  dropRights: {
    title: 'Odebrat účtu práva',
    what: 'Účet přijde o právo vidět jednoho manažera. V seznamech EMA to vypadá přesně jako odstranění.',
    result: 'Nic se nezobrazí jako odstraněné: EMA společnosti stále zná, proto budou „bez přístupu“.',
  },
  rename300: {
    title: 'Přejmenovat 300',
    what: 'Tři sta zákazníků, nebo všichni, pokud jich je méně, dostane naráz jiný název.',
    result: 'Názvy se hned změní, podle starých lze dál hledat a každý zákazník to má v historii.',
  },
  maintenance: {
    title: 'Údržba',
    what: 'EMA na každé volání odpoví, že probíhá údržba.',
    result: 'Synchronizace po několika pokusech skončí chybou a uvede proč. Nic se nezmění, data zůstanou, jak byla.',
  },
  expireTokens: {
    title: 'Ukončit platnost tokenů',
    what: 'Všechny tokeny, které EMA vydala, naráz přestanou platit, i uprostřed synchronizace.',
    result: 'Synchronizace se znovu přihlásí a pokračuje. Nikdo si ničeho nevšimne.',
  },
}
