import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { buildMyAssets } from '../src/my/assets.ts'
import { openDatabase } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrate.ts'
import { type Answers, measureInBrowser } from './complete/browser.ts'
import { type Logs, lookAt, numberOf, openLogs, subjectOf } from './complete/logs.ts'
import { fillMap, measureMap } from './complete/map.ts'
import { measureSortedTree } from './complete/sorted-tree.ts'
import { quantile } from './ledger-work.ts'
import { onOwnDatabase } from './own-database.ts'

/**
 * What makes a list provably whole, at the size of a country: a map of 10 million random labels, an epoch that changes
 * 10,000 known ones, and the peer in the same run, a sorted Merkle tree built anew (with hashes of unchanged leaves kept,
 * and its labels in order already). Then a whole epoch with so many known labels from the database, and the proof of a
 * known label as a server gives it, database and all. Then her check in Chromium, slowed down six times, and what her page
 * weighs with everything it loads. Processor times are of this process, on one thread; read them where others work too.
 */
const { values } = parseArgs({
  options: {
    labels: { type: 'string', default: '10000000' },
    changes: { type: 'string', default: '10000' },
    json: { type: 'boolean', default: false },
  },
})
const LOOKS = 3
const PROOFS = 200
const GIVEN_AT_ONCE = 500

const labels = Number(values.labels)
const changes = Number(values.changes)
await onOwnDatabase(main)

async function main(url: string): Promise<void> {
  const { map, changed } = fillMap(labels, changes)
  say(`${map.size} labels are in the map`)
  const ours = measureMap(map, changed)
  say(`an epoch: ${ours.epochCpuSeconds.toFixed(3)} s of processor`)
  const peer = measureSortedTree(labels, changes)
  say(`the sorted tree: ${peer.cpuSeconds.toFixed(3)} s of processor`)
  const database = openDatabase({ url })
  await migrate(database.pool)
  const logs = await openLogs(database)
  const whole = await measureEpoch(logs, database.pool)
  const phone = await measurePhone(logs)
  await logs.close()
  await database.close()
  const round = (n: number, places = 3) => Number(n.toFixed(places))
  const result = {
    ...{ bench: 'complete', labels, changes },
    epochCpuSeconds: round(ours.epochCpuSeconds),
    epochSeconds: round(ours.epochSeconds),
    peerCpuSeconds: round(peer.cpuSeconds),
    peerSeconds: round(peer.seconds),
    ratio: round(peer.cpuSeconds / ours.epochCpuSeconds, 1),
    peakMb: Math.round(ours.peakBytes / 1e6),
    mapProofMs: round(ours.proofMs),
    proofBytes: ours.proofBytes,
    ...{ databaseEpochCpuSeconds: round(whole.cpuSeconds), databaseEpochSeconds: round(whole.seconds) },
    ...{ proofMs: round(whole.proofMs, 2), proofCpuMs: round(whole.proofCpuMs, 2) },
    ...{
      browserLoadMs: Math.round(phone.loadMs),
      browserFirstMs: Math.round(phone.firstMs),
      browserWarmMs: Math.round(phone.warmMs),
    },
    pageAssetsBytes: await assetBytes(),
  }
  console.log(JSON.stringify(result, null, values.json ? 0 : 2))
}

/** A whole epoch of labels that are known, from the database and into it; then proofs as her page gets them. */
async function measureEpoch({ ledger, epochs, sign }: Logs, pool: pg.Pool) {
  await give(pool)
  const record = async () => {
    for (let from = 0; from < changes; from += GIVEN_AT_ONCE) {
      const part = Array.from({ length: Math.min(GIVEN_AT_ONCE, changes - from) }, (_, i) => from + i)
      await Promise.all(part.map((n) => ledger.record(lookAt(subjectOf(n), 'g0')[1]!)))
    }
    await sign()
  }
  await record()
  await epochs.make()
  await epochs.witnessing.round()
  await record()
  const before = process.cpuUsage()
  const begun = performance.now()
  if ((await epochs.make())?.epoch !== 1) throw new Error('no epoch was made')
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - begun) / 1000
  await epochs.witnessing.round()
  const { proofMs, proofCpuMs } = await measureProofs(epochs)
  return { cpuSeconds: (user + system) / 1e6, seconds, proofMs, proofCpuMs }
}

async function measureProofs({ prove }: Logs['epochs']) {
  const times: number[] = []
  let cpu = 0
  for (let i = 0; i < PROOFS; i += 1) {
    const holder = { subject: subjectOf(i % 20), tenure: 't1' }
    // The first one makes the label of the next holder too.
    if (i < 20) await prove(holder)
    const before = process.cpuUsage()
    const begun = performance.now()
    if ((await prove(holder)) === null) throw new Error('there is no proof')
    times.push(performance.now() - begun)
    const { user, system } = process.cpuUsage(before)
    cpu += (user + system) / 1000
  }
  const proofMs = quantile(
    times.sort((a, b) => a - b),
    0.5,
  )
  return { proofMs, proofCpuMs: cpu / PROOFS }
}

/** Labels are made once and kept; here they are random, but for those that proofs are given of. */
async function give(pool: pg.Pool): Promise<void> {
  const given = Array.from({ length: Math.max(0, changes - 20) }, (_, i) => subjectOf(i + 20))
  await pool.query(
    `INSERT INTO ledger.subject_label (subject, ordinal, tenure, label, proof_sealed)
     SELECT subject, 1, 't1', sha256(convert_to(subject || $2, 'UTF8')), '\\x00'
     FROM unnest($1::text[]) AS s (subject)`,
    [given, randomBytes(16).toString('hex')],
  )
}

/** Her three looks, proven to a browser. */
async function measurePhone({ ledger, epochs, sign }: Logs) {
  const subject = subjectOf(changes + 1)
  for (let look = 0; look < LOOKS; look += 1)
    for (const draft of lookAt(subject, `g${look}`)) await ledger.record(draft)
  await sign()
  await epochs.make()
  await epochs.witnessing.round()
  const holder = { subject, tenure: 't1' }
  const links = await epochs.links(holder, { after: 0, upTo: 2 * LOOKS, limit: 2 * LOOKS })
  const bundles = await Promise.all(links.map(({ index }) => ledger.proofOf(index)))
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const answers: Answers = new Map([
    ['/my/complete', text(await epochs.prove(holder))],
    [`/my/complete/links?after=0&upTo=${2 * LOOKS}`, text({ bundles, slots: [] })],
    ['/log/checkpoint', new TextEncoder().encode((await ledger.published()).note)],
  ])
  const { verifierKey } = ledger
  const number = numberOf(subject)
  return measureInBrowser({ number, policy: epochs.policy.text, verifierKey, looks: LOOKS }, answers)
}

/** Style, script and both fonts, as they are sent. */
async function assetBytes(): Promise<number> {
  const { files, keyScript } = await buildMyAssets()
  const own = [...files].filter(([address]) => address !== keyScript)
  return own.reduce((sum, [, { bytes, gzip }]) => sum + (gzip ?? bytes).length, 0)
}

function say(line: string): void {
  if (!values.json) console.log(line)
}
