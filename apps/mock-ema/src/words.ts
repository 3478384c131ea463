// Names of invented small businesses in six languages: a trade, a family name and a place, combined by number.

type Language = { trades: string[]; families: string[]; places: string[]; form: string }

const split = (text: string): string[] => text.split(' ').map((word) => word.replaceAll('_', ' '))

const LANGUAGES: readonly Language[] = [
  {
    trades: split(
      'Pekařství Účetnictví Autoservis Stavebniny Květinářství Truhlářství Lékárna Kavárna Zámečnictví Knihkupectví Cukrárna Papírnictví Oční_optika Veterina Čalounictví Hodinářství Řeznictví Tiskárna Projekce Advokáti',
    ),
    families: split(
      'Novák Svoboda Dvořák Černý Procházka Kučera Veselý Horák Němec Pokorný Marek Pospíšil Hájek Jelínek Král Růžička Beneš Fiala Sedláček Doležal Zeman Kolář Urban Vaněk Šťastný Říha Čech Žák Chalupa Dušek',
    ),
    places: split('Praha Brno Ostrava Plzeň Olomouc Jihlava Třebíč Zlín Písek Tábor Cheb Kolín Náchod Vsetín'),
    form: 's.r.o.',
  },
  {
    trades: split(
      'Bäckerei Tischlerei Autohaus Kanzlei Apotheke Gärtnerei Druckerei Metzgerei Buchhandlung Zahnarztpraxis Malerbetrieb Brauerei Fahrschule Weingut Steuerbüro Dachdeckerei Uhrmacherei Physiotherapie Elektro Spedition',
    ),
    families: split(
      'Müller Schmidt Schneider Fischer Weber Wagner Becker Schulz Hoffmann Koch Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Krüger Hartmann Lange Krause Lehmann Köhler Maier Huber Jäger Groß Böhm Öztürk Weiß',
    ),
    places: split('Wien Graz Linz Salzburg München Köln Bremen Leipzig Dresden Ulm Bonn Kiel Zürich Bern'),
    form: 'GmbH',
  },
  {
    trades: split(
      'Dental_Care Bakery Accountants Garage Florist Joinery Pharmacy Coffee Locksmiths Bookshop Solicitors Printers Opticians Veterinary Plumbing Roofing Brewery Architects Logistics Studio',
    ),
    families: split(
      'Smith Jones Taylor Brown Wilson Evans Thomas Roberts Walker Wright Robinson Thompson White Hughes Edwards Green Lewis Wood Harris Martin Jackson Clarke Turner Hill Cooper Ward Morris Moore King Watson',
    ),
    places: split('London Leeds York Bath Oxford Bristol Dover Exeter Derby Durham Lincoln Truro Ripon Wells'),
    form: 'Ltd',
  },
  {
    trades: split(
      'Pekáreň Účtovníctvo Autoservis Stavebniny Kvetinárstvo Stolárstvo Lekáreň Kaviareň Zámočníctvo Kníhkupectvo Cukráreň Papiernictvo Očná_optika Veterina Čalúnnictvo Hodinárstvo Mäsiarstvo Tlačiareň Projekcia Advokáti',
    ),
    families: split(
      'Horváth Kováč Varga Tóth Nagy Baláž Molnár Balog Lukáč Novotný Polák Gajdoš Kollár Hudák Sabo Oravec Németh Michalík Beňo Ďurica Šimko Žiak Kráľ Cibula Chovan Ľubica Ondruš Palko Rusnák Vlček',
    ),
    places: split(
      'Bratislava Košice Žilina Nitra Trnava Prešov Martin Poprad Trenčín Levice Zvolen Senica Skalica Snina',
    ),
    form: 's.r.o.',
  },
  {
    trades: split(
      'Piekarnia Księgowość Autoserwis Kwiaciarnia Stolarnia Apteka Kawiarnia Ślusarstwo Księgarnia Cukiernia Optyk Weterynaria Tapicerstwo Zegarmistrz Masarnia Drukarnia Projekty Adwokaci Hurtownia Browar',
    ),
    families: split(
      'Nowak Kowalski Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur Krawczyk Piotrowski Grabowski Pawłowski Michalski Król Wieczorek Wróbel Jabłoński Dudek Adamczyk Nowicki Majewski Olszewski Stępień Łukasik Żak',
    ),
    places: split('Warszawa Kraków Łódź Wrocław Poznań Gdańsk Lublin Opole Toruń Kielce Rzeszów Zabrze Sopot Elbląg'),
    form: 'Sp. z o.o.',
  },
  {
    trades: split(
      'Boulangerie Comptabilité Garage Fleuriste Menuiserie Pharmacie Café Serrurerie Librairie Pâtisserie Opticien Vétérinaire Imprimerie Boucherie Fromagerie Brasserie Avocats Architectes Transports Atelier',
    ),
    families: split(
      'Martin Bernard Dubois Durand Moreau Laurent Lefèvre Michel Garcia Bertrand Roux Fournier Girard Bonnet Lambert Fontaine Rousseau Vincent Müller Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier',
    ),
    places: split('Lyon Lille Nice Nantes Rennes Reims Dijon Angers Brest Tours Metz Nancy Rouen Caen'),
    form: 'SARL',
  },
]

/**
 * The n-th name of a list of siblings. Distinct for n below 50,000; `offset` makes two lists differ.
 * The stride is a prime that divides no list's length, so all combinations come before one returns.
 */
export function businessName(n: number, offset: number): string {
  const language = LANGUAGES[(n + offset) % LANGUAGES.length] as Language // the remainder is within the list
  const { trades, families, places, form } = language
  const all = trades.length * families.length * places.length
  const combination = (Math.floor(n / LANGUAGES.length) * 7919 + offset) % all
  const trade = trades[combination % trades.length] ?? ''
  const family = families[Math.floor(combination / trades.length) % families.length] ?? ''
  const place = places[Math.floor(combination / trades.length / families.length)] ?? ''
  return [trade, family, place, form].join(' ')
}
