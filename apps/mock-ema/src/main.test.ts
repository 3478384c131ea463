// The command as users run it: the words of the npm script, from the root of the project.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { speakPlainHttp } from './test-http.ts'

const root = join(import.meta.dirname, '../../..')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> } // ours
const words = scripts['mock-ema']?.split(' ').slice(1) ?? []
const folder = mkdtempSync(join(tmpdir(), 'mock-ema-'))
const journal = join(folder, 'journal.jsonl')
afterAll(() => rmSync(folder, { recursive: true }))

test('npm run mock-ema prints where it listens, keeps its journal through kill -9 and stops on SIGTERM', async () => {
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const mock = spawn(process.execPath, [...words, '--world', '10k', '--port', '0', '--journal', journal], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [line] = (await once(createInterface({ input: mock.stdout }), 'line')) as [string] // of readline
      const base = /^Mock EMA 2 at (http:\/\/127\.0\.0\.1:\d+), (\d+) companies \(10k\)/.exec(line)
      expect(Number(base?.[2])).toBe(signal === 'SIGKILL' ? 10_002 : 10_003)
      const { post } = await speakPlainHttp(base?.[1] ?? '').signIn()
      if (signal === 'SIGKILL') await createOne(post)
    } finally {
      mock.kill(signal)
    }
    const [code] = (await once(mock, 'exit')) as [number | null] // of a process
    expect(code).toBe(signal === 'SIGTERM' ? 0 : null)
  }
}, 30_000)

test('a journal of another seed: one sentence and exit 1', async () => {
  const other = join(folder, 'other.jsonl')
  writeFileSync(other, '{"journal":"mock-ema","world":"demo","seed":1,"check":""}\n')
  const run = promisify(execFile)(process.execPath, [...words, '--seed', '2', '--port', '0', '--journal', other], {
    cwd: root,
    timeout: 20_000,
  })
  const sentence =
    `The journal ${other} belongs to world demo, seed 1, not to world demo, seed 2: ` +
    'name another file, or delete this one to begin anew.\n'
  await expect(run).rejects.toMatchObject({ code: 1, stdout: '', stderr: sentence })
}, 30_000)

type Post = Awaited<ReturnType<ReturnType<typeof speakPlainHttp>['signIn']>>['post']

async function createOne(post: Post): Promise<void> {
  const address = { countryCode: 'CZE', state: '', city: 'Brno', streetAddress: 'X 1', zipCode: '60200' }
  const answer = await post('/Company/Create/msp', { name: 'Newcomer', address, email: 's@p.example' })
  expect(answer.status).toBe(200)
}
