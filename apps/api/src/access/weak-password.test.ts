import { expect, test } from 'vitest'
import { findWeakness } from './weak-password.ts'

const OWN = ['jana.novakova@firma.example', 'Jana Nováková']

test.each([
  'password1234',
  'Password-1234!',
  'qwertyuiop12',
  '123456789012',
  '121212121212',
  'aaaaaaaaaaaa',
  'abababababab',
  'administrator',
  'iloveyou2026',
  'MSP-Console-2026',
  'novakova-1985',
  'Jana.Novakova1',
  'passwordpassword',
  '1q2w3e4r5t6y',
  'firma-heslo-123',
])('%s is guessed first', (password) => expect(findWeakness(password, OWN)).toMatch(/\w/))

test.each([
  'correct horse battery staple',
  'demo-Password-1',
  'a-long-Password-1',
  'Žluťoučký kůň 7',
  '4815162342108',
  'k8#vQz!p2LmX',
  'další věta bez smyslu',
])('%s is not', (password) => expect(findWeakness(password, OWN)).toBeNull())
