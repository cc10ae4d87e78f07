import assert from 'node:assert/strict'
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import { copyFile, copyRunningCluster, LIST, makeBackup } from '../../src/platform/embedded/backup.ts'
import { startCluster } from '../../src/platform/embedded/cluster.ts'
import { readBackupList, restoreBackup } from '../../src/platform/embedded/restore.ts'

function temporary(t: TestContext): string {
  const dir = mkdtempSync(join(process.env.COUNTERSIGN_TMP ?? tmpdir(), 'countersign-backup-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A cluster with a table that a writer fills, one row a transaction, until told to stop. */
async function openWriter(t: TestContext, dir: string) {
  const cluster = await startCluster({ dir: join(dir, 'data', 'postgres') })
  t.after(() => cluster.stop())
  const client = new pg.Client({ connectionString: cluster.url })
  await client.connect()
  await client.query('CREATE TABLE row (n int PRIMARY KEY, filler text)')
  let written = 0
  let going = true
  const writing = (async () => {
    for (; going; written += 1)
      await client.query("INSERT INTO row VALUES ($1, repeat('x', 2000))", [written + 1])
  })()
  const stop = async () => {
    going = false
    await writing
    await client.end()
    await cluster.stop()
  }
  return { url: cluster.url, written: () => written, stop }
}

async function backUp(url: string, dir: string) {
  const about = { kind: 'countersign-data', madeAt: 0, postgres: '18' } as const
  return makeBackup(join(dir, 'backup'), about, async (aside) => {
    const contents = await copyRunningCluster(url, join(dir, 'data', 'postgres'), aside)
    await copyFile(
      join(dir, 'data', 'database-password'),
      join(aside, 'database-password'),
      'database-password',
      contents,
    )
    return contents
  })
}

test('a backup made while rows are written restores to a whole database with every row from before it', async (t) => {
  const dir = temporary(t)
  const writer = await openWriter(t, dir)
  const before = writer.written()
  await backUp(writer.url, dir)
  await writer.stop()
  const list = readBackupList(join(dir, 'backup'), 'countersign-data')
  await restoreBackup(join(dir, 'backup'), list, join(dir, 'again'))
  const again = await startCluster({ dir: join(dir, 'again', 'postgres') })
  t.after(() => again.stop())
  const client = new pg.Client({ connectionString: again.url })
  await client.connect()
  const { rows } = await client.query<{ count: number; max: number }>(
    'SELECT count(*)::int AS count, max(n) AS max FROM row',
  )
  await client.end()
  assert.equal(rows[0]!.count, rows[0]!.max, 'no row is missing among those that are there')
  assert.ok(rows[0]!.count >= before)
  await assert.rejects(restoreBackup(join(dir, 'backup'), list, join(dir, 'again')), {
    code: 'restore-exists',
  })
})

test('a backup that was changed, or lacks or has a file too many, is refused before anything is restored', async (t) => {
  const dir = temporary(t)
  const writer = await openWriter(t, dir)
  await backUp(writer.url, dir)
  await assert.rejects(backUp(writer.url, dir), { code: 'backup-exists' })
  await writer.stop()
  const wrongs: Record<string, (copy: string) => void> = {
    'a byte more': (copy) => appendFileSync(join(copy, 'postgres', 'PG_VERSION'), 'x'),
    'a file less': (copy) => rmSync(join(copy, 'postgres', 'backup_label')),
    'a file more': (copy) => writeFileSync(join(copy, 'postgres', 'recovery.signal'), ''),
    'a path outside': (copy) => {
      const path = join(copy, LIST)
      writeFileSync(path, readFileSync(path, 'utf8').replace('"database-password"', '"../database-password"'))
    },
    'no list': (copy) => rmSync(join(copy, LIST)),
  }
  for (const [what, spoil] of Object.entries(wrongs)) {
    const copy = join(dir, 'spoilt')
    cpSync(join(dir, 'backup'), copy, { recursive: true })
    spoil(copy)
    await assert.rejects(
      async () => restoreBackup(copy, readBackupList(copy, 'countersign-data'), join(dir, 'never')),
      { code: what === 'no list' ? 'backup-missing' : 'backup-broken' },
      what,
    )
    assert.equal(existsSync(join(dir, 'never')), false, what)
    rmSync(copy, { recursive: true })
  }
})
