import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chownSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLedger } from '../../src/ledger/ledger.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { databaseUser } from '../../src/platform/embedded/run-as.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { reveal, testParties } from '../ledger/parties.ts'
import { databaseDirectory, runDebian, startDebianServer } from './debian-server.ts'
import { makeDirectory } from './run-countersign.ts'

test('the recipe for a server: base backup, archive, and what is left of its log restore every acknowledged entry', async (t) => {
  const dir = makeDirectory(t)
  if (process.getuid?.() === 0) chownSync(dir, databaseUser(), databaseUser())
  const archive = databaseDirectory(join(dir, 'archive'))
  const keep = `test ! -f ${archive}/%f && cp %p ${archive}/%f.part && mv ${archive}/%f.part ${archive}/%f`
  const server = await startDebianServer(t, {
    settings: ['wal_level=replica', 'archive_mode=on', `archive_command=${keep}`],
  })
  const database = openDatabase({ url: server.url })
  database.pool.on('error', () => {})
  await migrate(database.pool)
  const parties = testParties(database.pool)
  const ledger = await createLedger(parties)
  const told = new Map<string, number>()
  const write = async (count: number) => {
    for (let n = 0; n < count; n += 1) {
      const id = await ledger.record(reveal(n))
      told.set(id, await ledger.indexOf(id))
    }
  }
  await write(10)

  const backup = join(dir, 'backup')
  const base = ['--format=plain', '--checkpoint=fast', '--wal-method=stream', '--no-sync']
  await runDebian('pg_basebackup', ['-d', server.url, `--pgdata=${backup}`, ...base], dir)
  await runDebian('pg_verifybackup', [backup], dir)

  await write(10)
  await database.pool.query('SELECT pg_switch_wal()')
  await write(10)
  await archived(database.pool)
  // Killed in the middle of writing: what was answered is acknowledged, whatever comes after.
  const dying = write(1_000_000).catch(() => {})
  while (told.size < 60) await ledger.head()
  await server.end('SIGKILL')
  await dying
  await ledger.close().catch(() => {})
  await database.close()
  assert.ok(readdirSync(archive).length > 0)

  const again = join(dir, 'again')
  copy(`${backup}/.`, again)
  // The segment that the server died in was never archived: it is in its own directory, if the disk is whole.
  copy(`${server.cluster}/pg_wal/.`, join(again, 'pg_wal'))
  writeFileSync(join(again, 'recovery.signal'), '')
  if (process.getuid?.() === 0) spawnSync('chown', ['-R', `${databaseUser()}:${databaseUser()}`, again])
  const restored = await startDebianServer(t, {
    cluster: again,
    settings: [`restore_command=cp ${archive}/%f %p`],
  })
  const back = openDatabase({ url: restored.url })
  t.after(() => back.close())
  const opened = await createLedger({ ...parties, pool: back.pool })
  t.after(() => opened.close())
  for (const [id, index] of told) assert.equal(await opened.indexOf(id as never), index)
  const { verifierKey } = opened
  const whole = await verifyLedger({ pool: back.pool, verifierKey, sealer: parties.keys.sealer })
  assert.equal(whole.ok, true, whole.why)
  assert.ok(whole.size >= told.size)
  t.diagnostic(`${told.size} acknowledged, ${whole.size} restored`)
})

/** Until the server says that it has archived a segment: from then on a restore must read the archive. */
async function archived(pool: { query: (sql: string) => Promise<{ rows: unknown[] }> }): Promise<void> {
  for (;;) {
    const { rows } = await pool.query('SELECT archived_count::int AS count FROM pg_stat_archiver')
    if ((rows[0] as { count: number }).count > 0) return
  }
}

function copy(from: string, to: string): void {
  assert.equal(spawnSync('cp', ['-a', from, to]).status, 0, `cp -a ${from} ${to}`)
}
