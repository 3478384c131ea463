/**
 * The test command: every check of the project, in order, none skipped because an earlier one failed.
 * The last line is "N passed, N failed"; a static check counts as one test. `--quick` leaves out what needs a database or a
 * browser.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, prismaClient, webApplication } from './build.ts'
import { toTable } from './families.ts'
import { runTests, sentence, withReport } from './run-tests.ts'
import { onStop } from './stop.ts'
import { readPlaywright, readVitest, runTool, sumOf } from './tool.ts'
import type { Counts } from './tool.ts'
import { printTrouble } from './trouble.mjs'

const quick = process.argv.includes('--quick')
const cache = join(import.meta.dirname, '../.cache')
const vitestReport = join(cache, 'vitest.json')
const playwrightReport = join(cache, 'playwright.json')

const gates = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'lint', command: ['oxlint', '--deny-warnings'] },
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'unused code', command: ['knip', '--no-progress'] },
]

/** Without output of its own unless it fails. */
async function runGate({ name, command }: { name: string; command: string[] }): Promise<Counts> {
  const { status, seconds, output } = await runTool(command, {})
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  if (status !== 0) console.log(output)
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 }
}

async function prepare(): Promise<Counts> {
  try {
    await build(quick ? [prismaClient] : [prismaClient, webApplication], (line) => console.log(line))
    return { passed: 0, failed: 0, skipped: 0 }
  } catch (error) {
    printTrouble(error)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

onStop({ stop: () => process.exit(130), force: () => process.exit(130) })
mkdirSync(cache, { recursive: true })
const results: Counts[] = [await prepare()]
results.push(...(await Promise.all(gates.map(runGate))))
const projects = quick ? ['--project', 'unit'] : []
const unit = await runTests({
  name: quick ? 'unit tests' : 'unit and database tests',
  command: withReport(projects, vitestReport),
  report: vitestReport,
  read: readVitest,
})
results.push(unit)
if (!quick) {
  results.push(
    await runTests({
      name: 'browser tests',
      command: ['playwright', 'test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'],
      report: playwrightReport,
      read: readPlaywright,
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
    }),
  )
}
console.log(toTable(unit.families))
const total = sumOf(results)
process.exitCode = total.failed === 0 ? 0 : 1
console.log(`\n${sentence(total)}`)
