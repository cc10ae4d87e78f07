import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/**
 * The peer: a plain table with the indexes that a search by either number needs; with `references`, each call's is a
 * column, and is there once.
 */
export async function createPlain(pool: pg.Pool, references = false): Promise<void> {
  await pool.query('CREATE SCHEMA peer')
  await pool.query(`CREATE TABLE peer.call (caller text NOT NULL, called text NOT NULL, start timestamptz NOT NULL,
    duration integer NOT NULL, cell text, charge bigint, tariff text${references ? ', reference text UNIQUE' : ''})`)
  await pool.query('CREATE INDEX ON peer.call (caller, start)')
  await pool.query('CREATE INDEX ON peer.call (called, start)')
}

/** Copies files of `daily-files.ts` into it, a COPY each. */
export async function copyPlain(pool: pg.Pool, paths: readonly string[]): Promise<void> {
  const client = await pool.connect()
  await client.query(`SET timezone = 'UTC'`)
  for (const path of paths) {
    const copy = client.query(copyFrom('COPY peer.call FROM STDIN (FORMAT csv, HEADER)'))
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), copy)
  }
  client.release()
}
