import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import pg from 'pg'
import { type Browser, chromium } from 'playwright-core'
import { readConfig } from '../../src/platform/config.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { type RunningServer, startServer } from '../../src/server.ts'

/** A running demo operator of one's own, and a browser. */
export interface DemoHouse {
  readonly url: string
  readonly server: RunningServer
  readonly browser: Browser
}

/** The database and, in COUNTERSIGN_TEST_DIR, the data and keys of a demo that `scripts/test.mjs` has filled. */
const TEMPLATE = { database: 'demo_template', directory: 'demo' }

/**
 * Opens a copy of the demo that is made once for all browser tests, so that each test file has an operator of its
 * own after a second and not a minute.
 */
export async function openDemoHouse(t: Pick<TestContext, 'after'>): Promise<DemoHouse> {
  const cluster = process.env.COUNTERSIGN_TEST_PG
  const shared = process.env.COUNTERSIGN_TEST_DIR
  if (cluster === undefined || shared === undefined)
    throw new Error('COUNTERSIGN_TEST_PG and COUNTERSIGN_TEST_DIR are not set: run `npm test`')
  const directory = mkdtempSync(join(tmpdir(), 'countersign-house-'))
  cpSync(join(shared, TEMPLATE.directory), directory, { recursive: true })
  const name = `house_${randomBytes(6).toString('hex')}`
  await onCluster(cluster, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE.database} STRATEGY FILE_COPY`)
  const url = new URL(cluster)
  url.pathname = `/${name}`
  const config = readConfig(
    { DATABASE_URL: url.href, COUNTERSIGN_LOG: 'error', COUNTERSIGN_EPOCH_SECONDS: '1' },
    { data: join(directory, 'data'), port: await freePort('localhost') },
  )
  const signal = new AbortController().signal
  const server = await startServer({ config, born: 'demo', signal, progress: () => {} })
  const browser = await openBrowser()
  t.after(async () => {
    await browser.close()
    await server.close()
    await onCluster(cluster, `DROP DATABASE ${name} WITH (FORCE)`)
    rmSync(directory, { recursive: true, force: true })
  })
  return { url: server.url, server, browser }
}

/** The system's Chromium. */
export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

async function onCluster(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}
