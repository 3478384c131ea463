/**
 * Global set-up of the database tests, and the server of the browser tests: a real PostgreSQL with a template database that holds all migrations.
 * Every run makes a cluster of its own (one second) and removes it, so runs at the same time never meet.
 * TEST_DATABASE_URL (a role that may create databases and roles) replaces the embedded server.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../apps/api/src/db/migrate.ts'
import { dropDatabase, execute } from '../apps/api/src/db/test-admin.ts'
// Brings the type of what is provided here and injected there.
import type {} from '../apps/api/src/db/testing.ts'
import { isAlive } from './lock.mjs'
import { removeCluster, startPostgres } from './postgres.ts'

const cache = join(import.meta.dirname, '../.cache/test-postgres')
// Nothing here has to survive a crash.
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '200',
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { adminUrl, superuserUrl, template, close } = await startTestServer()
  project.provide('testPostgres', { adminUrl, superuserUrl, template })
  return close
}

/** A server with the template database. Call `close` whatever happens: it removes both. */
export async function startTestServer(): Promise<{
  adminUrl: string
  /** Null where the server was given. */
  superuserUrl: string | null
  template: string
  close: () => Promise<void>
}> {
  const given = process.env['TEST_DATABASE_URL']
  const server = given ? { adminUrl: given, superuserUrl: null, close: async () => {} } : await startThrowaway()
  const { adminUrl, superuserUrl } = server
  try {
    const template = await makeTemplate(adminUrl)
    const close = async () => {
      await dropDatabase(adminUrl, template)
      await server.close()
    }
    return { adminUrl, superuserUrl, template, close }
  } catch (error) {
    await server.close()
    throw error
  }
}

async function startThrowaway(): Promise<{ adminUrl: string; superuserUrl: string; close: () => Promise<void> }> {
  mkdirSync(cache, { recursive: true })
  for (const name of readdirSync(cache)) {
    const pid = Number(/^run-(\d+)$/.exec(name)?.[1])
    if (pid > 0 && !isAlive(pid)) await removeCluster(join(cache, name)) // of a run that was killed
  }
  const dataDir = join(cache, `run-${process.pid}`)
  const server = await startPostgres({ dataDir, log: () => {}, settings })
  const close = async () => {
    await server.stop()
    await removeCluster(dataDir)
  }
  try {
    return { adminUrl: await makeOwner(server.url), superuserUrl: server.url, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** No superuser, as an owner given by DATABASE_URL usually is none: what needs more rights than documented fails here. */
async function makeOwner(superuserUrl: string): Promise<string> {
  const password = randomBytes(12).toString('hex')
  await execute(superuserUrl, `create role test_owner login createdb createrole password '${password}'`)
  const url = new URL(superuserUrl)
  url.username = 'test_owner'
  url.password = password
  url.pathname = '/postgres'
  return url.href
}

async function makeTemplate(adminUrl: string): Promise<string> {
  const template = `template_${randomBytes(6).toString('hex')}`
  await execute(adminUrl, `create database ${template}`)
  const url = new URL(adminUrl)
  url.pathname = `/${template}`
  await migrate(url.href, { collation: 'cs' })
  return template
}
