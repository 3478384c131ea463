/**
 * The long test command: every test that has more cases, or repeats them, when it may take its time. Up to an hour.
 * The last line is "N passed, N failed".
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, prismaClient } from './build.ts'
import { findLongTests, toTable } from './families.ts'
import { runTests, sentence, withReport } from './run-tests.ts'
import { onStop } from './stop.ts'
import { readVitest } from './tool.ts'

const root = join(import.meta.dirname, '..')
const report = join(root, '.cache/vitest-long.json')

onStop({ stop: () => process.exit(130), force: () => process.exit(130) })
mkdirSync(join(root, '.cache'), { recursive: true })
await build([prismaClient], (line) => console.log(line))
const files = findLongTests(root)
console.log(files.join('\n'))
const counts = await runTests({
  name: 'long tests',
  command: withReport(files, report),
  report,
  read: readVitest,
  env: { MSP_TEST_LONG: '1' },
})
console.log(toTable(counts.families))
process.exitCode = counts.failed === 0 ? 0 : 1
console.log(`\n${sentence(counts)}`)
