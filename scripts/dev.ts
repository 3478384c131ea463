/** What `npm run dev` adds to the launcher: the Vite server, and a new API process on every change of its sources. */
import { watch } from 'node:fs'
import { join } from 'node:path'
import { startChild } from './child.ts'
import type { Child } from './child.ts'

const root = join(import.meta.dirname, '..')
const quietMs = 200

export function startWebServer(apiOrigin: string, say: (line: string) => void): Child {
  return startChild({
    name: 'Vite',
    command: [join(root, 'node_modules/vite/bin/vite.js'), '--clearScreen', 'false'],
    cwd: join(root, 'apps/web'),
    env: { ...process.env, API_ORIGIN: apiOrigin },
    onLine: say,
  })
}

export function watchSources(onChange: () => void, say: (line: string) => void): void {
  let timer: NodeJS.Timeout | undefined
  for (const folder of ['apps/api/src', 'packages']) {
    watch(join(root, folder), { recursive: true }, (_event, name) => {
      if (!name?.endsWith('.ts') || name.includes('node_modules') || name.endsWith('.test.ts')) return
      clearTimeout(timer)
      timer = setTimeout(() => {
        say(`${name} changed: starting the API again`)
        onChange()
      }, quietMs)
    })
  }
}
