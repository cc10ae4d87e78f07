import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { verifyCheckpoint } from '../../src/ledger/checkpoint.ts'
import { createKnownCheckpoint } from '../../src/ledger/known-checkpoint.ts'
import { createLedger, type Ledger, type LedgerParties } from '../../src/ledger/ledger.ts'
import { createFolderSource, type LogSource } from '../../src/ledger/log-source.ts'
import { mirrorLog } from '../../src/ledger/mirror.ts'
import { encodeVerifierKey, parseVerifierKey } from '../../src/ledger/note.ts'
import {
  type Acknowledges,
  findShortfall,
  mendLog,
  readMissing,
  tailOfCopy,
  witnessesBeyond,
} from '../../src/ledger/restored-log.ts'
import { encodeBundle, parseTilePath, TILE_WIDTH } from '../../src/ledger/tiles.ts'
import { parseTlogProof } from '../../src/ledger/tlog-proof.ts'
import { encodePolicy, parsePolicy } from '../../src/ledger/trust-policy.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { verifyPublicLog } from '../../src/ledger/verify-public.ts'
import { verifyState } from '../../src/ledger/verify-state.ts'
import { DEFAULT_WITNESS_RULES } from '../../src/ledger/witnessing.ts'
import { openTestDatabase } from '../support/database.ts'
import { reveal, testParties } from './parties.ts'
import { startWitness } from './witnesses.ts'

const TABLES = ['intake', 'entry', 'link', 'tile', 'checkpoint', 'head', 'witness', 'cosignature']
const SAYS: Acknowledges = {
  actor: 'i-1',
  officer: 'Y-1',
  reason: 'disk failed',
  mirror: 'https://mirror.example/log',
}

/** A log with two real witnesses and a mirror, and a copy of its tables as they are now. */
async function openMirrored(t: TestContext) {
  const database = await openTestDatabase(t)
  const { pool } = database
  const dir = mkdtempSync(join(tmpdir(), 'countersign-restored-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const base = testParties(pool)
  const verifierKey = encodeVerifierKey(base.origin, base.keys.signingKey('ledger').publicKey)
  const key = parseVerifierKey(verifierKey)
  const witnesses = await Promise.all(
    ['w0', 'w1'].map((name) => startWitness(t, name, verifierKey, base.clock)),
  )
  const policy = parsePolicy(
    encodePolicy(
      { key: verifierKey, url: 'http://localhost/log' },
      witnesses.map(({ chosen }) => chosen),
      2,
    ),
  )
  const path = join(dir, 'newest-checkpoint')
  const known = () => createKnownCheckpoint(path)
  const parties: LedgerParties = { ...base, trust: { policy, rules: DEFAULT_WITNESS_RULES } }
  const open = () => createLedger({ ...parties, known: known() })
  const mirror = join(dir, 'mirror')
  const copyToMirror = (ledger: Ledger) => mirrorLog({ from: publicSource(ledger), folder: mirror, policy })
  const backUp = async () => {
    for (const table of TABLES)
      await pool.query(`CREATE TABLE public.old_${table} AS SELECT * FROM ledger.${table}`)
  }
  const restore = async () => {
    for (const table of TABLES) {
      await pool.query(`TRUNCATE ledger.${table}`)
      const overriding = table === 'intake' ? 'OVERRIDING SYSTEM VALUE' : ''
      await pool.query(`INSERT INTO ledger.${table} ${overriding} SELECT * FROM public.old_${table}`)
    }
  }
  const verify = () => verifyLedger({ pool, verifierKey, sealer: base.keys.sealer })
  return {
    ...database,
    dir,
    path,
    parties,
    base,
    key,
    verifierKey,
    policy,
    known,
    open,
    mirror,
    copyToMirror,
    backUp,
    restore,
    verify,
    witnesses,
  }
}

async function withLedger<T>(parties: LedgerParties, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await createLedger(parties)
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}

/** The public log as `/log/` serves it, without HTTP. */
function publicSource(ledger: Ledger): LogSource {
  return {
    async read(path) {
      if (path === 'checkpoint') return Buffer.from((await ledger.published()).note)
      const { level, index, width } = parseTilePath(path)
      return level === 'entries'
        ? encodeBundle(await ledger.publicEntries(index * TILE_WIDTH, width))
        : ledger.tile(level, index, width)
    },
  }
}

type Mirrored = Awaited<ReturnType<typeof openMirrored>>

async function record(ledger: Ledger, from: number, until: number): Promise<void> {
  await Promise.all(Array.from({ length: until - from }, (_, i) => ledger.record(reveal(from + i))))
}

/** What `countersign acknowledge --mirror` does. */
async function mend(log: Mirrored, source = createFolderSource(log.mirror)) {
  const { pool, key, base } = log
  const shortfall = (await findShortfall(pool, log.known(), key))!
  const tail = await readMissing(pool, source, shortfall, key)
  return mendLog({ ...base, sealer: base.keys.sealer }, shortfall, tail, SAYS)
}

/** A log of 300 entries backed up, that grew to 600, all cosigned and mirrored, and was then restored. */
async function openSetBack(t: TestContext): Promise<Mirrored> {
  const log = await openMirrored(t)
  const ledger = await log.open()
  await record(ledger, 0, 300)
  await log.backUp()
  await record(ledger, 300, 600)
  await ledger.witnessing.round()
  assert.equal((await log.copyToMirror(ledger)).ok, true)
  await ledger.close()
  await log.restore()
  return log
}

test('promise 3: a restored log is mended from a mirror, and both witnesses go on countersigning it', async (t) => {
  const log = await openSetBack(t)
  await assert.rejects(log.open(), { code: 'ledger-set-back', message: /holds 300 entries.* had 600 / })
  const mended = await mend(log)
  assert.deepEqual([mended.size, mended.until, mended.lost, mended.kept, mended.gone], [300, 600, 300, 0, 0])
  const waiting = await log.verify()
  assert.equal(waiting.ok, true, 'mended and answered for, before anybody sequences')
  assert.match(waiting.why, /300 entries’ texts were lost in a restore acknowledged by an entry that waits/)
  const ledger = await log.open()
  t.after(() => ledger.close())
  await ledger.sequence()
  assert.equal(await ledger.indexOf(mended.entry), 600)
  await record(ledger, 601, 605)
  await ledger.witnessing.round()
  assert.equal(ledger.witnessing.alarm(), null)
  assert.deepEqual(
    [ledger.witnessing.countersigned().size, ledger.witnessing.countersigned().by],
    [605, ['w0', 'w1']],
  )
  const acknowledged = await ledger.entry(600)
  assert.deepEqual(
    [acknowledged.kind, acknowledged.actor, acknowledged.header.counts, acknowledged.body?.reason],
    ['restore-acknowledged', 'i-1', { size: 300, until: 600, lost: 300, kept: 0, gone: 0 }, 'disk failed'],
  )
  const whole = await log.verify()
  assert.equal(
    whole.why,
    'All 605 entries (headers and bodies) are as they were signed. 300 entries’ texts were lost in a restore acknowledged by entry 600.',
  )
  const again = await log.copyToMirror(ledger)
  assert.equal(again.ok, true, again.why)
  assert.equal((await verifyPublicLog({ source: publicSource(ledger), policy: log.policy })).ok, true)
})

test('a lost entry is shown as lost and still proven, wherever entries are read', async (t) => {
  const log = await openSetBack(t)
  await mend(log)
  const ledger = await log.open()
  t.after(() => ledger.close())
  await ledger.sequence()
  const [newest, lost] = await ledger.headers({ limit: 2 })
  assert.equal(newest?.header?.kind, 'restore-acknowledged')
  assert.deepEqual(lost, { id: null, index: 599, header: null, bodyErased: true })
  assert.equal((await ledger.entries({ limit: 2 }))[1]?.index, 299, 'texts only')
  for (const reading of [ledger.entry(450), ledger.proofOf(450)])
    await assert.rejects(reading, { code: 'entry-lost', message: /entry 450 were lost/ })
  assert.equal(parseTlogProof(await ledger.proofFileOf(450)).index, 450)
  await assert.rejects(
    log.db.transaction().execute((trx) => ledger.eraseBody(trx, 450, { actor: 'i-1', ground: 'x' })),
    { code: 'entry-lost' },
  )
  const state = await verifyState({ pool: log.pool, sealer: log.base.keys.sealer, accounts: [] })
  assert.equal(state.ok, true)
})

test('promise 3: texts taken away under the pretext of a restore are missed, and the entry is named', async (t) => {
  const log = await openSetBack(t)
  await mend(log)
  const ledger = await createLedger(log.parties)
  t.after(() => ledger.close())
  await ledger.sequence()
  const [commitment] = await ledger.publicEntries(7, 1)
  await log.pool.query(
    `UPDATE ledger.entry SET commitment = $1, id = NULL, header = NULL, header_salt = NULL, body_commitment = NULL,
       body_sealed = NULL, subject = NULL, actor = NULL WHERE index = 7`,
    [commitment],
  )
  const result = await log.verify()
  assert.deepEqual(
    [result.ok, result.firstWrong, result.why],
    [false, 7, 'The texts of entry 7 are gone, and no entry says that a restore lost them.'],
  )
})

test('promise 3: whoever goes on without mending is refused by both witnesses, for ever', async (t) => {
  const log = await openSetBack(t)
  const fork = await createLedger(log.parties)
  t.after(() => fork.close())
  await record(fork, 1_000, 1_400)
  await fork.witnessing.round()
  const { witnesses } = fork.witnessing.countersigned()
  assert.equal(fork.witnessing.alarm(), 'refused')
  assert.ok(witnesses.every(({ refusedAt }) => refusedAt !== null))
  await assert.rejects(findShortfall(log.pool, log.known(), log.key), { code: 'log-forked' })
})

test('entries that waited in the copy and were numbered since keep their texts, where they stood', async (t) => {
  const log = await openMirrored(t)
  const ledger = await log.open()
  await record(ledger, 0, 3)
  const waiting = await log.db.transaction().execute((trx) => ledger.append(trx, reveal(3)))
  await log.backUp()
  await ledger.sequence()
  await record(ledger, 4, 6)
  await ledger.witnessing.round()
  await log.copyToMirror(ledger)
  await ledger.close()
  await log.restore()
  const mended = await mend(log)
  assert.deepEqual([mended.until, mended.lost, mended.kept], [6, 2, 1])
  await withLedger(log.parties, async (again) => {
    await again.sequence()
    assert.equal(await again.indexOf(waiting), 3)
    assert.equal((await again.entry(3)).body?.contact, 'c3')
    assert.equal((await again.head()).size, 7, 'it is not there twice')
  })
  assert.match((await log.verify()).why, /2 entries’ texts were lost in a restore acknowledged by entry 6\.$/)
})

test('entries signed but never cosigned may be gone; without a mirror nothing that outsiders hold may', async (t) => {
  const log = await openMirrored(t)
  const ledger = await log.open()
  await record(ledger, 0, 5)
  await ledger.witnessing.round()
  await log.backUp()
  await record(ledger, 5, 8)
  await ledger.close()
  await log.restore()
  const shortfall = (await findShortfall(log.pool, log.known(), log.key))!
  assert.deepEqual([shortfall.size, shortfall.needed.size, shortfall.signed.size], [5, 5, 8])
  const tail = await tailOfCopy(log.pool, log.key)
  assert.deepEqual(await witnessesBeyond(log.policy.witnesses, tail), [])
  const { base } = log
  const mended = await mendLog({ ...base, sealer: base.keys.sealer }, shortfall, tail, {
    ...SAYS,
    mirror: null,
  })
  assert.deepEqual([mended.lost, mended.gone], [0, 3])
  await log.known().setAside()
  const again = await log.open()
  t.after(() => again.close())
  await again.sequence()
  await again.witnessing.round()
  assert.deepEqual([again.witnessing.alarm(), again.witnessing.countersigned().size], [null, 6])
  assert.deepEqual(
    readdirSync(log.dir).filter((name) => name.endsWith('-lost')),
    ['newest-checkpoint.8-lost'],
  )
})

test('witnesses that have seen more than a mirror holds are asked before anything is changed', async (t) => {
  const log = await openMirrored(t)
  const ledger = await log.open()
  await record(ledger, 0, 2)
  await ledger.witnessing.round()
  await log.copyToMirror(ledger)
  const { note } = await ledger.published()
  await record(ledger, 2, 4)
  await ledger.witnessing.round()
  await ledger.close()
  const beyond = await witnessesBeyond(log.policy.witnesses, {
    checkpoint: verifyCheckpoint(note, log.key),
    note: `${note.split('\n\n')[0]}\n\n${note.split('\n\n')[1]!.split('\n')[0]}\n`,
  })
  assert.deepEqual(beyond, ['w0 has seen 4', 'w1 has seen 4'])
})

test('a mirror that lags, lies or is of another log mends nothing, and nothing is changed', async (t) => {
  const log = await openSetBack(t)
  const { pool, key } = log
  const shortfall = (await findShortfall(pool, log.known(), key))!
  const folder = createFolderSource(log.mirror)
  const unfit = (source: LogSource, message: RegExp) =>
    assert.rejects(readMissing(pool, source, shortfall, key), { code: 'mirror-unfit', message })
  const changed = join(log.dir, 'changed')
  cpSync(log.mirror, changed, { recursive: true })
  const bundle = Buffer.from((await folder.read('tile/entries/001'))!)
  bundle[200]! ^= 1
  writeFileSync(join(changed, 'tile/entries/001'), bundle)
  await unfit(createFolderSource(changed), /Entry 261 is not the one that was signed/)
  const { rows } = await pool.query<{ note: string }>('SELECT note FROM ledger.head')
  const lagging: LogSource = {
    read: (path) => (path === 'checkpoint' ? Promise.resolve(Buffer.from(rows[0]!.note)) : folder.read(path)),
  }
  await unfit(lagging, /holds 300 entries, and 600 are known outside/)
  await unfit({ read: async () => null }, /there is no checkpoint/)
  const stranger = testParties(pool)
  const strangerKey = parseVerifierKey(
    encodeVerifierKey(stranger.origin, stranger.keys.signingKey('ledger').publicKey),
  )
  await assert.rejects(readMissing(pool, folder, shortfall, strangerKey), { code: 'mirror-unfit' })
  const after = await pool.query('SELECT size FROM ledger.head')
  assert.equal(Number(after.rows[0].size), 300)
})

test('what was cosigned last is kept beside the keys, and stops a log that was set back behind it alone', async (t) => {
  const log = await openSetBack(t)
  const kept = log.known()
  assert.match(kept.readWitnessed()!, /\n600\n.*— w0\.example\/witness .*— w1\.example\/witness /s)
  rmSync(log.path)
  await assert.rejects(log.open(), { code: 'ledger-set-back', message: /holds 300 entries.* had 600 / })
})
