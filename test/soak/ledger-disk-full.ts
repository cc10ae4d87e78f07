import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../src/platform/database.ts'
import { startCluster } from '../../src/platform/embedded/cluster.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { openLogUnderTrial } from './parts/log-under-trial.ts'
import { runRounds } from './parts/rounds.ts'

/**
 * A database on a disk of its own (tmpfs, as root) that fills up while a server appends: the server is refused
 * clearly, nothing acknowledged is lost, and with room again the log verifies and goes on.
 */
export async function fillDisk(rounds: number, say: (line: string) => void): Promise<void> {
  const dir = mkdtempSync(join(process.env.COUNTERSIGN_TMP ?? tmpdir(), 'countersign-full-'))
  const disk = join(dir, 'disk')
  mkdirSync(disk)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=755', 'tmpfs', disk])
  if (mounted.status !== 0) {
    rmSync(dir, { recursive: true })
    throw new Error('no disk of a size can be mounted here: run this trial as root')
  }
  const settings = { max_wal_size: '32MB', min_wal_size: '32MB', shared_buffers: '16MB' }
  const ballast = join(disk, 'ballast')
  let cluster = await startCluster({ dir: join(disk, 'data', 'postgres'), settings })
  try {
    const database = openDatabase({ url: cluster.url })
    await migrate(database.pool)
    await database.close()
    let log = openLogUnderTrial(cluster.url)
    for (let round = 1; round <= rounds; round += 1) {
      const writer = log.start()
      await writer.tells(50)
      fill(ballast)
      const words = await writer.ended()
      // The ledger's own word, or PostgreSQL's (disk_full) where a desk's statement met it first.
      assert.match(
        words,
        /refused (ledger-unavailable|53100)/,
        `the server says what is wrong, not: ${words}`,
      )
      rmSync(ballast)
      // A database that stopped for want of room is started again, as its keeper would.
      await cluster.stop()
      cluster = await startCluster({ dir: join(disk, 'data', 'postgres'), settings })
      log = log.movedTo(cluster.url)
      const size = await log.check()
      say(`round ${round}: refused when full, ${log.told.size} acknowledged, ${size} entries, whole`)
    }
    await log.close()
  } finally {
    await cluster.stop()
    spawnSync('umount', [disk])
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Takes all that is left, in smaller and smaller pieces. */
function fill(path: string): void {
  for (let piece = 8 * 1024 * 1024; piece >= 4_096; ) {
    try {
      writeFileSync(path, Buffer.alloc(piece), { flag: 'a' })
    } catch {
      piece = Math.floor(piece / 2)
    }
  }
}

if (import.meta.main) await runRounds('ledger-disk-full', 10, fillDisk)
