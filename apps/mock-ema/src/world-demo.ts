// About 300 companies that people remember and that programs trip over: every kind, long names, diacritics, markup,
// formulas, right-to-left text, twins of one name, suspended and waiting ones, an unknown kind, and a hole by NoAccess.
// Four logins look at it from four heights.
import { addDemoUser } from './logins.ts'
import { businessName } from './words.ts'
import { LEVEL, NO_PARENT, STATUS, TYPE, World, type Extra, type NewCompany } from './world.ts'

/** A kind that no table knows; it must be kept and shown. */
const UNKNOWN_TYPE = 1042

const LONG_NAME =
  'Sdružení pro rozvoj, údržbu a nepřetržitý provoz informačních systémů obcí Horního Podluží, Dolního Podluží, Jiřetína pod Jedlovou a přilehlých samot, zapsaný spolek se sídlem v Horním Podluží čp. 217'

/** Czech sorts č after c and ch after h: none of these is in its place by code points. */
const COLLATION = [
  'Chata Pod Lesem',
  'Cihla a syn',
  'Čáp & Čápová',
  'Cukrárna Hana',
  'Dub nábytek',
  'Ďáblík hračky',
  'Hora sport',
  'Hřebec stáje',
  'Chmel a slad',
  'Ibis travel',
  'Řeka vodáci',
  'Rak a rybka',
  'Šiška lesy',
  'Sova knihy',
  'Žába bazény',
  'Zebra tisk',
  'Úhoř bistro',
  'Uzel sítě',
  'Ťuhýk foto',
  'Tulipán květiny',
]

const TRICKY = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(2)> Grafika',
  '=SUM(A1:A9) Účetnictví',
  '+420 Telefony',
  '-10 % Výprodej',
  '@home Reality',
  'O\'Neill & Sons "Quotes"',
  'مكتب النور للمحاماة',
  'משרד אורן רואי חשבון',
  '東京データ株式会社',
  'Ελληνικά Έπιπλα ΑΕ',
  'Ünïcödé Ñandú 🦔',
  'a',
  LONG_NAME,
]

/** Suspended and ready to be deleted by whoever wants to see how a removal looks. */
const LEAVING = ['Zavřená kavárna', 'Former Client Ltd', 'Altes Lager GmbH']

const TWIN = 'Lékárna U Anděla'

export function createDemoWorld(seed: number): World {
  const world = new World(seed)
  const add = (parent: number, type: number, name: string, more: Partial<NewCompany> = {}): number =>
    world.add({ parent, type, name, ...more })
  const provider = (parent: number, type: number, name: string, mail: string, status = STATUS.normal): number =>
    add(parent, type, name, { email: `${mail}@providers.example`, status, extra: addressOf(world.ids.length) })

  const hq = add(NO_PARENT, TYPE.hq, 'ESET HQ')
  const distributor = provider(hq, TYPE.distributor, 'Demo Distribution s.r.o.', 'distribution')

  const moravia = add(distributor, TYPE.division, 'Divize Morava')
  const dach = add(distributor, TYPE.division, 'Division DACH')

  const smart = provider(distributor, TYPE.msp, 'Chytrá síť s.r.o.', 'chytra-sit')
  for (const name of COLLATION) customer(world, smart, name)
  for (const name of TRICKY) customer(world, smart, name)
  customer(world, smart, TWIN)
  for (const [at, name] of LEAVING.entries()) {
    customer(world, smart, name, { status: STATUS.suspended, customIdentifier: `DEMO:LEAVING-${at + 1}` })
  }

  const highlands = provider(distributor, TYPE.manager, 'Vysočina IT Group', 'vysocina')
  customer(world, highlands, 'Nemocnice Na Kopci', { customIdentifier: 'PSA:1042' })
  customer(world, highlands, TWIN)
  fill(world, highlands, 12)
  const jihlava = provider(highlands, TYPE.managed, 'Jihlavský servis počítačů', 'jihlava')
  customer(world, jihlava, 'Pivovar Ježek a spol.')
  customer(world, jihlava, TWIN)
  fill(world, jihlava, 24)
  fill(world, provider(highlands, TYPE.managed, 'Třebíč Cloud', 'trebic'), 18)
  provider(highlands, TYPE.managed, 'Nový začátek IT', 'novy-zacatek', STATUS.waiting)

  const brno = provider(moravia, TYPE.msp, 'Moravská IT, s.r.o.', 'moravska-it')
  customer(world, brno, 'Špilberk muzeum')
  fill(world, brno, 45)
  const hana = provider(moravia, TYPE.manager, 'Haná Managed Services', 'hana')
  fill(world, hana, 5)
  fill(world, provider(hana, TYPE.managed, 'Olomoucké tvarůžky IT', 'olomouc'), 20)

  const sons = provider(dach, TYPE.msp, 'Müller & Söhne IT GmbH', 'mueller')
  customer(world, sons, 'Straußenfarm Weiß & Größl')
  customer(world, sons, 'Former Client Ltd')
  fill(world, sons, 36)
  const alps = provider(dach, TYPE.manager, 'Alpen Managed Services GmbH', 'alpen')
  fill(world, alps, 6)
  fill(world, provider(alps, TYPE.managed, 'Edelweiß IT', 'edelweiss'), 15)

  const north = provider(distributor, TYPE.msp, 'North Wind Support Ltd', 'northwind')
  customer(world, north, 'The Very Small Lighthouse Company')
  fill(world, north, 30)
  fill(world, provider(distributor, TYPE.msp, 'Kraków IT Sp. z o.o.', 'krakow'), 14)
  const tatra = provider(distributor, TYPE.msp, 'Tatranské siete s.r.o.', 'tatry', STATUS.suspended)
  fill(world, tatra, 6, STATUS.suspended)
  provider(distributor, TYPE.msp, 'Čeká na aktivaci s.r.o.', 'ceka', STATUS.waiting)
  const future = provider(distributor, UNKNOWN_TYPE, 'Partner nového typu', 'novy-typ')
  customer(world, future, 'Zákazník nového typu')

  const hidden = provider(distributor, TYPE.msp, 'Tajný přístav IT', 'pristav')
  const seen = customer(world, hidden, 'Maják nad mlhou')
  fill(world, hidden, 4)

  const login = addDemoUser(world, 'distributor', distributor)
  login.overrides.set(hidden, LEVEL.none)
  login.overrides.set(seen, LEVEL.read)
  addDemoUser(world, 'manager', highlands)
  addDemoUser(world, 'msp', smart)
  addDemoUser(world, 'managed', jihlava)
  return world
}

function customer(world: World, parent: number, name: string, more: Partial<NewCompany> = {}): number {
  const serial = world.ids.length
  return world.add({
    parent,
    type: TYPE.customer,
    name,
    ...(serial % 5 === 0 ? {} : { email: `office@c${serial}.example` }),
    ...(serial % 3 === 0 ? {} : { customIdentifier: `PSA:${2e3 + serial}` }),
    extra: {
      ...addressOf(serial),
      ...(serial % 4 === 0 ? { tags: ['gold'] } : {}),
      ...(serial % 6 === 0 ? taxOf(serial) : {}),
    },
    ...more,
  })
}

/** Ordinary neighbours for the memorable ones; every thirteenth is suspended. */
function fill(world: World, parent: number, count: number, status?: number): void {
  for (let at = 0; at < count; at += 1) {
    const own = status ?? (at % 13 === 7 ? STATUS.suspended : STATUS.normal)
    customer(world, parent, businessName(at, parent * 11), { status: own })
  }
}

function addressOf(serial: number): Extra {
  const cities = ['Brno', 'Jihlava', 'Olomouc', 'Praha', 'Wien', 'Leeds']
  const city = cities[serial % cities.length] ?? ''
  return { address: { countryCode: 'CZE', state: '', city, streetAddress: `Ukázková ${serial}`, zipCode: '60200' } }
}

function taxOf(serial: number): Extra {
  return { vatId: `CZ${10_000_000 + serial}`, description: 'Smlouva do konce roku' }
}
