/**
 * What has to be generated before the console runs or is checked: Prisma's client and the web application.
 * Invariant: each is made again exactly when its inputs changed; the stamp is written after the work, so a build that was cut
 * off is repeated.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { takeLock } from './lock.mjs'
import { printTrouble, Trouble } from './trouble.mjs'

const root = join(import.meta.dirname, '..')
const cache = join(root, '.cache')
/** Folders whose content is made, not written. */
const made = new Set(['node_modules', 'dist', 'generated', '.tsbuild'])

interface Product {
  name: string
  inputs: string[]
  /** Exists once the product was made. */
  output: string
  cwd: string
  command: string[]
}

export const prismaClient: Product = {
  name: 'database client',
  inputs: ['prisma/schema.prisma', 'package-lock.json'],
  output: 'apps/api/src/db/generated',
  cwd: '.',
  command: ['node_modules/prisma/build/index.js', 'generate', '--schema', 'prisma/schema.prisma'],
}

export const webApplication: Product = {
  name: 'web application',
  inputs: ['apps/web', 'packages/contract/src', 'package-lock.json', 'tsconfig.base.json'],
  output: 'apps/web/dist/index.html',
  cwd: 'apps/web',
  command: ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
}

/** Makes what is missing or stale. Throws a Trouble with the tool's output. */
export async function build(products: Product[], log: (line: string) => void): Promise<void> {
  const hashes = new Map(products.map((product) => [product, hashOf(product.inputs)]))
  const isStale = (product: Product) =>
    !existsSync(join(root, product.output)) || readStamp(product) !== hashes.get(product)
  if (!products.some(isStale)) return
  mkdirSync(cache, { recursive: true })
  const release = await takeTurn(join(cache, 'build.lock'))
  try {
    const stale = products.filter(isStale)
    if (stale.length > 0) log(`Building ${stale.map((product) => product.name).join(' and ')} …`)
    await Promise.all(stale.map((product) => make(product, hashes.get(product) ?? '')))
  } finally {
    release()
  }
}

async function takeTurn(file: string): Promise<() => void> {
  for (;;) {
    const lock = takeLock(file)
    if (lock.release) return lock.release
    await sleep(200) // another command builds the same; its result serves us too
  }
}

async function make(product: Product, hash: string): Promise<void> {
  const [script = '', ...args] = product.command
  const child = spawn(process.execPath, [join(root, script), ...args], {
    cwd: join(root, product.cwd),
    env: {
      ...process.env,
      NODE_ENV: 'production',
      // Never run by `generate`, but downloaded unless it names a file that exists; and the download needs more than the registry.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const status = await new Promise((resolve) => child.once('close', resolve).once('error', resolve))
  if (status !== 0)
    throw new Trouble(`The ${product.name} could not be built; mend this and start again:\n${said.trim()}`)
  writeFileSync(stampFile(product), hash)
}

function stampFile(product: Product): string {
  return join(cache, `${product.name.replace(' ', '-')}.stamp`)
}

function readStamp(product: Product): string {
  return existsSync(stampFile(product)) ? readFileSync(stampFile(product), 'utf8') : ''
}

/** Names and contents: times change with every clone and touch. */
function hashOf(inputs: string[]): string {
  const hash = createHash('sha256')
  const visit = (path: string) => {
    const full = join(root, path)
    if (!existsSync(full)) return
    if (!statSync(full).isDirectory()) {
      hash.update(path).update('\0').update(readFileSync(full)).update('\0')
      return
    }
    for (const name of readdirSync(full).toSorted()) {
      if (!made.has(name) && !/\.test\.tsx?$/.test(name)) visit(`${path}/${name}`)
    }
  }
  for (const input of inputs) visit(input)
  return hash.digest('hex')
}

if (import.meta.main) await build([prismaClient, webApplication], (line) => console.log(line)).catch(endWith)

function endWith(error: unknown): void {
  printTrouble(error)
  process.exitCode = 1
}
