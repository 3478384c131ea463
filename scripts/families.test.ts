import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findLongTests, readFamilies, toTable } from './families.ts'

test('families are found among other output, each once, in the order of their numbers', () => {
  const output = [
    'stdout | a.test.ts',
    '\u001B[2mfamily S-10 trees: 160 cases\u001B[22m',
    'family S-9 malformed: 150 cases, 500 runs\r',
    '  family of three',
    'family S-10 trees: 160 cases',
  ].join('\n')
  const families = readFamilies(output)
  expect(families).toEqual(['S-9 malformed: 150 cases, 500 runs', 'S-10 trees: 160 cases'])
  expect(toTable(families)).toBe(
    ['', 'Cases per family', '  S-9 malformed  150 cases, 500 runs', '  S-10 trees     160 cases'].join('\n'),
  )
  expect(toTable([])).toBe('')
})

test('tests that can take long are found by what they, or their set-up, ask', () => {
  const found = findLongTests(join(import.meta.dirname, '..'))
  expect(found).toContain('apps/api/src/simulation/simulation.db.test.ts')
  expect(found).toContain('apps/api/src/schedule/zombies.db.test.ts')
  expect(found).toContain('scripts/database-crash.db.test.ts')
  expect(found).not.toContain('apps/api/src/sync/guard.test.ts')
})
