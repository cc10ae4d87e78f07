import { randomBytes } from 'node:crypto'
import pg from 'pg'

/**
 * Measures on a database made for it on the server that `COUNTERSIGN_BENCH_PG` names, and drops it afterwards, whatever
 * happens. @throws Error when no server is named.
 */
export async function onOwnDatabase(measure: (url: string) => Promise<void>): Promise<void> {
  const server = process.env.COUNTERSIGN_BENCH_PG
  if (server === undefined) throw new Error('COUNTERSIGN_BENCH_PG names the database server to measure on')
  const name = `bench_${randomBytes(5).toString('hex')}`
  await onDatabase(server, (client) => client.query(`CREATE DATABASE ${name}`))
  try {
    await measure(new URL(`/${name}`, server).href)
  } finally {
    await onDatabase(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`))
  }
}

/** Does `work` on a connection of its own. */
export async function onDatabase(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await work(client)
  await client.end()
}
