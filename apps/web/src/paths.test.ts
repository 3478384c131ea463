import { expect, test } from 'vitest'
import { paths, toSafeNext } from './paths.ts'

test('every address of the console', () => {
  expect({
    signIn: paths.signIn(),
    signInHome: paths.signIn('/'),
    signInNext: paths.signIn('/customers?q=a'),
    firstUser: paths.firstUser('t&1'),
    overview: paths.overview(),
    computers: paths.computers(),
    group: paths.group('57'),
    customers: paths.customers(),
    customersFiltered: paths.customers({ state: 'notSetUp,normal', q: 'Čáp & syn', sort: undefined }),
    sync: paths.sync(),
    syncOfAccount: paths.sync({ account: '2' }),
    run: paths.run('3'),
    runOfKind: paths.run('3', { kind: 'moved' }),
    accounts: paths.accounts(),
    connect: paths.connectAccount(),
    connectAgain: paths.connectAccount('7'),
  }).toEqual({
    signIn: '/sign-in',
    signInHome: '/sign-in',
    signInNext: '/sign-in?next=%2Fcustomers%3Fq%3Da',
    firstUser: '/setup?token=t%261',
    overview: '/',
    computers: '/computers',
    group: '/computers/57',
    customers: '/customers',
    customersFiltered: '/customers?state=notSetUp,normal&q=%C4%8C%C3%A1p+%26+syn',
    sync: '/sync',
    syncOfAccount: '/sync?account=2',
    run: '/sync/3',
    runOfKind: '/sync/3?kind=moved',
    accounts: '/accounts',
    connect: '/accounts?connect=new',
    connectAgain: '/accounts?connect=7',
  })
})

test.each([
  ['/customers?q=a', '/customers?q=a'],
  [null, '/'],
  ['https://elsewhere.example', '/'],
  ['//elsewhere.example', '/'],
  ['/\\elsewhere.example', '/'],
  ['javascript:alert(1)', '/'],
])('after sign-in %s leads to %s', (next, expected) => {
  expect(toSafeNext(next)).toBe(expected)
})
