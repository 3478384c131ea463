/** One runner of tests: shown live, counted by its report, and what its families of cases said of themselves. */
import { rmSync } from 'node:fs'
import { readFamilies } from './families.ts'
import { type Counts, runTool } from './tool.ts'

export interface TestRun {
  name: string
  command: string[]
  /** Where the runner writes its report, and how that is counted. */
  report: string
  read: (file: string) => Counts
  env?: Record<string, string>
}

export async function runTests({
  name,
  command,
  report,
  read,
  env = {},
}: TestRun): Promise<Counts & { families: string[] }> {
  console.log(`\n▶ ${name}`)
  rmSync(report, { force: true }) // of a run that was cut off
  const { status, seconds, output } = await runTool(command, { env, live: true })
  const counts = read(report)
  // A runner that fails without a failed test (a file that does not load, a server that does not start) has failed.
  if (status !== 0 && counts.failed === 0) counts.failed = 1
  if (status === 0 && counts.passed === 0) counts.failed += 1
  console.log(`${counts.failed === 0 ? '✓' : '✗'} ${name}: ${sentence(counts)} (${seconds} s)`)
  return { ...counts, families: readFamilies(output) }
}

/** Of vitest, with a report beside what it shows. */
export const withReport = (command: string[], report: string): string[] => [
  'vitest',
  'run',
  ...command,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]

export function sentence({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
