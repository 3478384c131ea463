/**
 * A guard that has never been red is not a guard: every import rule of .oxlintrc.json is broken here in each way an import can
 * be written, in a tree of its own with the same configuration.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, matchesGlob } from 'node:path'
import { beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

interface Room {
  /** A file of the room; planted files stand beside it. */
  file: string
  forbidden: string[]
  allowed: string[]
  /** No clock, random, network or database either. */
  isPure?: boolean
}

const rooms: Room[] = [
  {
    file: 'packages/contract/src/x.ts',
    forbidden: [
      'node:fs',
      'fs',
      'fastify',
      '@msp-console/ema',
      '../../ema/src/index.ts',
      '../../../apps/api/src/config.ts',
    ],
    allowed: ['zod', './endpoint.ts'],
  },
  {
    file: 'packages/ema/src/x.ts',
    forbidden: [
      'node:timers/promises',
      'undici',
      '@msp-console/contract',
      '../../contract/src/index.ts',
      '../package.json',
    ],
    allowed: ['zod', './wire.ts'],
  },
  {
    file: 'apps/mock-ema/src/x.ts',
    forbidden: [
      '../../api/src/config.ts',
      '@msp-console/contract',
      '@msp-console/api',
      '../../../packages/ema/src/retry.ts',
    ],
    allowed: ['@msp-console/ema', 'fastify', 'node:crypto', './world.ts'],
  },
  {
    file: 'apps/api/src/db/x.ts',
    forbidden: [
      '../config.ts',
      '../sync/run.ts',
      '../groups/queries.ts',
      '@msp-console/contract',
      '../../../web/src/paths.ts',
    ],
    allowed: ['pg', 'node:path', './ids.ts', './generated/client.ts'],
  },
  {
    file: 'apps/api/src/http/x.ts',
    forbidden: [
      '../db/pools.ts',
      '../sync/run.ts',
      '../groups/routes.ts',
      '@msp-console/ema',
      '../../../mock-ema/src/index.ts',
    ],
    allowed: ['@msp-console/contract', 'fastify', './problem.ts'],
  },
  {
    file: 'apps/api/src/sync/x.ts',
    forbidden: [
      'fastify',
      '../http/serve.ts',
      '../groups/queries.ts',
      '../app.ts',
      '../schedule/queue.ts',
      '@msp-console/mock-ema',
      '../../../web/src/paths.ts',
    ],
    allowed: [
      '../db/pools.ts',
      '../schedule/book.ts',
      '@msp-console/ema',
      '@msp-console/contract',
      'pg-copy-streams',
      './plan.ts',
    ],
  },
  {
    file: 'apps/api/src/schedule/x.ts',
    forbidden: ['fastify', '../sync/run.ts', '../accounts/queries.ts', '../app.ts', '@msp-console/contract'],
    allowed: ['../db/tx.ts', 'pg', 'pg-boss', './rule.ts'],
  },
  ...[
    'groups',
    'customers',
    'tree',
    'runs',
    'overview',
    'accounts',
    'access',
    'identity',
    'live',
    'users',
    'audit',
  ].map((name) => ({
    file: `apps/api/src/${name}/x.ts`,
    forbidden: ['../sync/run.ts', '../demo/seed.ts', '../app.ts', '@msp-console/ema', '../../../mock-ema/src/index.ts'],
    allowed: ['../db/pools.ts', '../http/serve.ts', '../access/scope.ts', '@msp-console/contract', 'fastify'],
  })),
  {
    file: 'apps/web/src/ui/x.tsx',
    forbidden: [
      '../api/client.ts',
      '../tree/rows.ts',
      '@msp-console/contract',
      'react-router',
      '@tanstack/react-query',
    ],
    allowed: ['react', '@mantine/core', './kind-icon.tsx'],
  },
  {
    file: 'apps/web/src/api/x.ts',
    forbidden: [
      '../ui/kind-icon.tsx',
      '../tree/rows.ts',
      '@mantine/core',
      '@msp-console/ema',
      '../../../api/src/config.ts',
    ],
    allowed: ['@msp-console/contract', '@tanstack/react-query', './call.ts'],
  },
  ...[
    'tree',
    'groups',
    'customers',
    'sync',
    'accounts',
    'overview',
    'users',
    'profile',
    'audit',
    'session',
    'shell',
    'domain',
    'i18n',
  ].map((name) => ({
    file: `apps/web/src/${name}/x.tsx`,
    forbidden: [
      `../${name === 'shell' ? 'session' : 'shell'}/x.tsx`,
      '../router.tsx',
      `../${name === 'tree' ? 'groups' : 'tree'}/rows.ts`,
      '@msp-console/ema',
      '../../../api/src/app.ts',
    ],
    allowed: [
      '../api/client.ts',
      '../ui/kind-icon.tsx',
      '../i18n/format.ts',
      '../domain/count.ts',
      '../paths.ts',
      '@msp-console/contract',
    ],
  })),
  ...[
    'apps/api/src/sync/guard.ts',
    'apps/api/src/sync/forest.ts',
    'apps/api/src/schedule/rule.ts',
    'apps/web/src/tree/rows.ts',
    'packages/ema/src/retry.ts',
  ].map((file) => ({
    file,
    forbidden: ['node:crypto', 'pg', '@msp-console/ema', '../db/pools.ts', '../api/client.ts'],
    allowed: ['./x.ts'],
    isPure: true,
  })),
]

/** Every way to write an import. The names differ by line, so that nothing else is wrong with the file. */
const forms: ((target: string, line: number) => string)[] = [
  (target, line) => `import { x as x${line} } from '${target}'; void x${line}`,
  (target, line) => `import type { X as X${line} } from '${target}'; export type Y${line} = X${line}`,
  (target) => `import '${target}'`,
  (target) => `export * from '${target}'`,
  (target, line) => `export { x as y${line} } from '${target}'`,
  (target, line) => `export const load${line} = () => import('${target}')`,
]

const impureGlobals = [
  'Date.now()',
  'process.hrtime()',
  "fetch('/')",
  'setTimeout(String, 1)',
  'performance.now()',
  'crypto.randomUUID()',
]

interface Line {
  text: string
  /** The rule that must object, if any. */
  rule: string | undefined
}

function linesOf(room: Room): Line[] {
  const targets = [
    ...room.forbidden.map((target) => ({ target, rule: 'no-restricted-imports' })),
    ...room.allowed.map((target) => ({ target, rule: undefined })),
  ]
  const imports = targets.flatMap(({ target, rule }) => forms.map((form) => ({ form, target, rule })))
  const lines: Line[] = imports.map(({ form, target, rule }, index) => ({ text: form(target, index), rule }))
  if (!room.isPure) return lines
  return [
    ...lines,
    ...impureGlobals.map((call, index) => ({
      text: `export const g${index} = () => ${call}`,
      rule: 'no-restricted-globals',
    })),
    { text: 'export const random = () => Math.random()', rule: 'no-restricted-properties' },
  ]
}

/** The linter's report: `room file:line rule` for each objection of the rules that part the rooms. */
function lint(tree: string): string[] {
  const result = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format', 'json'], {
    cwd: tree,
    encoding: 'utf8',
  })
  // The shape is oxlint's; a different one fails the tests below.
  const { diagnostics } = JSON.parse(result.stdout) as {
    diagnostics: { filename: string; code: string; labels: { span: { line: number } }[] }[]
  }
  return diagnostics.flatMap(({ filename, code, labels }) => {
    const rule = /no-restricted-\w+/.exec(code)?.[0]
    return rule === undefined ? [] : [`${filename}:${labels[0]?.span.line} ${rule}`]
  })
}

let found: Set<string>

beforeAll(() => {
  const tree = mkdtempSync(join(tmpdir(), 'rooms-'))
  try {
    // These rules need no types, and the tool that knows them is not below this tree.
    const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8').replace('"typeAware": true', '"typeAware": false')
    writeFileSync(join(tree, '.oxlintrc.json'), config)
    for (const room of rooms) {
      mkdirSync(dirname(join(tree, room.file)), { recursive: true })
      writeFileSync(
        join(tree, room.file),
        linesOf(room)
          .map((line) => line.text)
          .join('\n'),
      )
    }
    found = new Set(lint(tree))
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}, 30_000)

test.each(rooms)('$file: what is forbidden is caught in every form, what is allowed is not', (room) => {
  const lines = linesOf(room)
  const expected = lines.flatMap((line, index) =>
    (line.rule ? [`${line.text}  ← ${line.rule}`] : []).map((text) => ({ text, index })),
  )
  const actual = lines.flatMap((line, index) =>
    ['imports', 'globals', 'properties'].flatMap((kind) =>
      found.has(`${room.file}:${index + 1} no-restricted-${kind}`) ? [`${line.text}  ← no-restricted-${kind}`] : [],
    ),
  )
  expect(actual).toEqual(expected.map(({ text }) => text))
})

test('every override that restricts imports is broken here', () => {
  const config: { overrides: { files: string[]; rules: Record<string, unknown> }[] } = JSON.parse(
    readFileSync(join(root, '.oxlintrc.json'), 'utf8'),
  )
  const restricted = config.overrides.flatMap(({ files, rules }) =>
    Array.isArray(rules['no-restricted-imports']) ? files : [],
  )
  const untried = restricted.filter((pattern) => !rooms.some(({ file }) => matchesGlob(file, pattern)))
  expect(untried).toEqual([])
})
