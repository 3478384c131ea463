// One world, loaded once as the worker loads it, for every benchmark that reads it or changes a part of it.
import type { ListedCompany } from '@msp-console/ema'
import pg from 'pg'
import { type Account, addAccount, connectAsSync, syncOnce } from '../apps/api/src/sync/testing.ts'
import type { Stand } from './stand.ts'

export interface Loaded {
  url: string
  owner: pg.Pool
  /** The role that serves requests. */
  app: pg.Pool
  sync: pg.Pool
  account: Account
  listing: readonly ListedCompany[]
  close: () => Promise<void>
}

export async function openLoaded(stand: Stand, listing: readonly ListedCompany[]): Promise<Loaded> {
  const url = await stand.createDatabase()
  const owner = new pg.Pool({ connectionString: url, max: 1 })
  const app = new pg.Pool({ connectionString: url, options: '-c role=msp_console_app', max: 1 })
  const sync = connectAsSync(url)
  // Dropping the database cuts what is still closing.
  for (const each of [owner, app, sync]) each.on('error', () => {})
  const account = await addAccount(owner, listing[0]!.guid) // a world is never empty
  await syncOnce(sync, account, listing)
  // As the worker does after a big load.
  await owner.query('vacuum (analyze) static_group, company, group_event')
  return {
    url,
    owner,
    app,
    sync,
    account,
    listing,
    async close() {
      await Promise.all([owner.end(), app.end(), sync.end()])
      await stand.dropDatabase(url)
    },
  }
}
