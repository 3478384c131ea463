import type { sessionEn } from './session.en.ts'
import type { Translation } from './translation.ts'

export const sessionCs: Translation<typeof sessionEn> = {
  signIn: 'Přihlásit se',
  email: 'E-mail',
  password: 'Heslo',
  name: 'Vaše jméno',
  required: 'Vyplňte toto pole.',
  demoTitle: 'Toto je ukázka',
  demoText: 'Přihlaste se jako {{email}} s heslem',
  demoFill: 'Vyplnit za mě',
  tagline: 'Strom společností z ESET MSP Administrator 2, věrně zrcadlený.',
  firstTitle: 'Založit prvního správce',
  firstLead: 'Tento odkaz platí jednou. Potom se přihlásíte tím, co zde zadáte.',
  firstMissing: 'V adrese chybí token. Otevřete odkaz, který server vypsal při startu.',
  firstDone: 'První nastavení už proběhlo. Přihlaste se.',
  firstWaiting: 'Zatím neexistuje žádný uživatel. Otevřete jednorázový odkaz, který server vypsal při startu.',
  passwordHint: 'Alespoň 12 znaků. Věta se dobře pamatuje.',
  passwordShort: 'Použijte alespoň 12 znaků.',
  emailInvalid: 'Toto není e-mailová adresa.',
  create: 'Založit a přihlásit se',
}
