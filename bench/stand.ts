// Where the benchmarks run: a PostgreSQL of their own with durability on, a migrated template, and medians.
// Figures are ratios of things measured in turn in one run, because shared machines drift.
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../apps/api/src/db/migrate.ts'
import { removeCluster, startPostgres } from '../scripts/postgres.ts'

export interface Stand {
  /** A fresh migrated database; its URL as the owner. */
  createDatabase: () => Promise<string>
  dropDatabase: (url: string) => Promise<void>
  close: () => Promise<void>
}

export async function openStand(): Promise<Stand> {
  const dataDir = join(import.meta.dirname, `../.cache/bench-${process.pid}`)
  mkdirSync(dataDir, { recursive: true })
  const server = await startPostgres({
    dataDir,
    log: () => {},
    settings: { shared_buffers: '1GB', work_mem: '64MB', max_wal_size: '4GB' },
  })
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  const nameOf = (url: string) => new URL(url).pathname.slice(1)
  const urlOf = (name: string) => {
    const url = new URL(server.url)
    url.pathname = `/${name}`
    return url.href
  }
  await admin.query('create database bench_template')
  await migrate(urlOf('bench_template'), { collation: 'cs' })
  return {
    async createDatabase() {
      const name = `bench_${randomBytes(4).toString('hex')}`
      await admin.query(`create database ${admin.escapeIdentifier(name)} template bench_template`)
      return urlOf(name)
    },
    async dropDatabase(url) {
      await admin.query(`drop database ${admin.escapeIdentifier(nameOf(url))} with (force)`)
    },
    async close() {
      await admin.end()
      await server.stop()
      await removeCluster(dataDir)
    },
  }
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2 // never called with none
}

/** @param share 0.99 for the 99th percentile */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]! // never called with none
}

export interface Line {
  what: string
  /** Median milliseconds, bytes or whatever the unit says. */
  measured: string
  /** Against the limit of the same run. */
  ratio: number | null
  target: string
  /** Whether the target is met; left out where there is none. */
  isMet?: boolean
}

export function printLines(title: string, lines: readonly Line[]): void {
  console.log(`\n${title}`)
  for (const { what, measured, ratio, target, isMet } of lines) {
    console.log(
      `  ${what.padEnd(44)} ${measured.padStart(14)} ${(ratio === null ? '' : `${ratio.toFixed(2)}×`).padStart(9)}   ${target.padEnd(22)} ${isMet === undefined ? '' : isMet ? 'ok' : 'missed'}`,
    )
  }
}

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`
