import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

export interface ToolResult {
  /** Exit code; 1 when it could not be started or was killed. */
  status: number
  seconds: string
  output: string
}

/** Runs a tool of node_modules/.bin with this very Node; its output is collected, and with `live` shown as it comes. */
export async function runTool(
  [name = '', ...args]: string[],
  options: { env?: NodeJS.ProcessEnv; live?: boolean },
): Promise<ToolResult> {
  const started = performance.now()
  const child = spawn(join(root, 'node_modules/.bin', name), args, {
    cwd: root,
    env: {
      ...process.env,
      // It writes to us and not to the terminal, whose colours it would have.
      ...(options.live && process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
      ...options.env,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  let output = ''
  const show = [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const
  for (const [from, to] of show) {
    from.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (options.live) to.write(text)
    })
  }
  const status = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      output += error.message
      resolve(1)
    })
    child.once('close', (code) => resolve(code ?? 1))
  })
  return { status, seconds: ((performance.now() - started) / 1000).toFixed(1), output }
}

/** Counts of vitest's JSON report; none when there is no report. */
export function readVitest(file: string): Counts {
  const report = readReport(file)
  return {
    passed: numberOf(report, 'numPassedTests'),
    failed: numberOf(report, 'numFailedTests'),
    skipped: numberOf(report, 'numPendingTests') + numberOf(report, 'numTodoTests'),
  }
}

/** The same for Playwright. A test that passed only when repeated has failed. */
export function readPlaywright(file: string): Counts {
  const report = readReport(file)
  const stats = typeof report === 'object' && report !== null && 'stats' in report ? report.stats : undefined
  return {
    passed: numberOf(stats, 'expected'),
    failed: numberOf(stats, 'unexpected') + numberOf(stats, 'flaky'),
    skipped: numberOf(stats, 'skipped'),
  }
}

export function sumOf(all: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function numberOf(source: unknown, key: string): number {
  const value =
    typeof source === 'object' && source !== null ? Object.entries(source).find(([name]) => name === key)?.[1] : 0
  return typeof value === 'number' ? value : 0
}
