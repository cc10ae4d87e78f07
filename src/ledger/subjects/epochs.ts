import type pg from 'pg'
import type { Clock } from '../../platform/clock.ts'
import { CodedError, invariant } from '../../platform/coded-error.ts'
import { describeError } from '../../platform/http/problem.ts'
import type { Log } from '../../platform/log.ts'
import type { Sealer } from '../../platform/sealer.ts'
import { encodeBase64 } from '../base64.ts'
import { signCheckpoint } from '../checkpoint.ts'
import { Edge } from '../edge.ts'
import type { Ledger, SigningKey } from '../ledger.ts'
import { createLoop } from '../loop.ts'
import { emptyRoot, hashLeaf, sameBytes } from '../merkle.ts'
import { nodeSha256 } from '../node-crypto.ts'
import { encodeVerifierKey } from '../note.ts'
import { proveInclusion } from '../prover.ts'
import { type PublishedCheckpoint, readNewest, readPublished } from '../published.ts'
import { beginUnderHeadLock, type HeadRow, insertFirstHead, readHead, readTileRow } from '../store.ts'
import { parsePolicy, type TrustPolicy } from '../trust-policy.ts'
import { createWitnessing, DEFAULT_WITNESS_RULES, type Witnessing } from '../witnessing.ts'
import type { CompletenessProof } from './completeness.ts'
import { type Epoch, encodeEpoch, parseEpoch } from './epoch.ts'
import { inEpochs, insertEpoch, readChanges, readEpochs } from './epoch-store.ts'
import { createLabels, type Holders, type Labels } from './labels.ts'
import type { ChainKey } from './link.ts'
import { type LinkRow, readChainsBegin, readGrownChains, readLinks } from './link-store.ts'
import { encodeMapProof } from './map-proof.ts'
import { SubjectMap } from './subject-map.ts'

export interface EpochsParties {
  readonly pool: pg.Pool
  readonly keys: {
    readonly sealer: Sealer
    prfKey(purpose: string): Uint8Array
    signingKey(name: string): SigningKey
  }
  readonly clock: Clock
  readonly ledger: Ledger
  /** Names the second log for ever. */
  readonly origin: string
  readonly holders: Holders
  readonly log?: Log
  /** Told when an alarm of its witnesses begins or ends. */
  readonly onAlarm?: () => Promise<void>
  /** How often an epoch may be made; default 60. */
  readonly everySeconds?: number
}

export type EpochsFault = 'map-broken'

/**
 * The second log, of epochs: in its own tables, under its own origin and key, brought to the ledger's witnesses. Every
 * server keeps the map in memory as of the newest countersigned epoch, and any of them may make the next.
 */
export interface Epochs {
  readonly origin: string
  readonly verifierKey: string
  readonly policy: TrustPolicy
  readonly witnessing: Witnessing
  readonly labels: Labels
  /**
   * Makes the next epoch where the ledger has grown and the last one is countersigned; null: there was nothing to do.
   * It waits for that, so that a proof of the newest countersigned epoch can always be given.
   */
  make(): Promise<Epoch | null>
  /** What a holder's browser needs for "all of them are here"; null while there is no epoch, or nobody holds it. */
  prove(key: ChainKey): Promise<CompletenessProof | null>
  /** Links of one chain, of the newest countersigned epoch and before. */
  links(key: ChainKey, page: { after: number; upTo: number; limit: number }): Promise<LinkRow[]>
  /** The first entry that chains cover, and since when (epoch ms). */
  begin(): Promise<{ index: number; at: number | null }>
  published(): Promise<PublishedCheckpoint>
  newest(): Promise<PublishedCheckpoint>
  size(): Promise<number>
  tile(level: number, index: number, width: number): Promise<Uint8Array>
  /** The entries, as the public log holds them. */
  entries(from: number, count: number): Promise<Uint8Array[]>
  start(): void
  close(): Promise<void>
}

/** The name under which the second log asks for its signing key. */
export const EPOCHS_KEY = 'epochs'
const EVERY_SECONDS = 60

/** Opens the second log, beginning it when the database has none. */
export async function createEpochs(parties: EpochsParties): Promise<Epochs> {
  const { pool, clock, ledger, origin, log } = parties
  const tables = inEpochs(pool)
  const key = parties.keys.signingKey(EPOCHS_KEY)
  const verifierKey = encodeVerifierKey(origin, key.publicKey)
  const policy = policyOf(ledger.policy, verifierKey)
  if ((await readHead(tables)) === null) await beginLog(parties, key)
  const labels = createLabels(parties)
  const witnessing = await createWitnessing({
    pool: tables,
    clock,
    policy,
    rules: DEFAULT_WITNESS_RULES,
    record: (draft) => ledger.record(draft),
    origin,
    ...(log === undefined ? {} : { log }),
    ...(parties.onAlarm === undefined ? {} : { onAlarm: parties.onAlarm }),
  })
  // Two maps for two readers are as bad as two ledgers: the same alarm, and nothing is revealed.
  ledger.witnessing.join(witnessing)
  const known = new KnownMap(pool)
  const lastEpoch = rememberLast(pool)
  const head = async () => requireHead(await readHead(tables))
  const published = async () => readPublished(tables, policy, await head())
  const make = () => known.alone(() => makeEpoch({ ...parties, key, policy, labels }, known))
  const everyMs = (parties.everySeconds ?? EVERY_SECONDS) * 1000
  const timer = createLoop(everyMs, make, (error) =>
    log?.warn(describeError(error), 'the epoch could not be made'),
  )
  return {
    origin,
    verifierKey,
    policy,
    witnessing,
    labels,
    make,
    prove: async (holder) => prove({ pool, labels, known, lastEpoch }, await published(), holder),
    links: (chain, page) => readLinks(pool, chain, page),
    begin: () => readChainsBegin(pool),
    published,
    newest: async () => readNewest(tables, policy, await head()),
    size: async () => (await head()).size,
    tile: (level, index, width) => readTileRow(tables, level, index, width),
    entries: async (from, count) =>
      (await readEpochs(pool, from, count)).map((text) => new TextEncoder().encode(text)),
    start() {
      witnessing.start()
      timer.start()
    },
    async close() {
      await timer.stop()
      await witnessing.close()
    },
  }
}

/** The ledger's witnesses and quorum, for the second log. */
function policyOf(ledger: TrustPolicy, verifierKey: string): TrustPolicy {
  const others = ledger.text.split('\n').filter((line) => !/^[ \t]*log[ \t]/.test(line))
  return parsePolicy([`log ${verifierKey}`, ...others].join('\n'))
}

async function beginLog({ pool, clock, origin }: EpochsParties, key: SigningKey): Promise<void> {
  const root = emptyRoot(nodeSha256)
  const note = signCheckpoint({ origin, size: 0, root }, key)
  await insertFirstHead(inEpochs(pool), { size: 0, root, note, signedAt: clock.now() })
}

/** The map as of one epoch, brought forward when a newer one is wanted; one at a time. */
class KnownMap {
  readonly #pool: pg.Pool
  #map = new SubjectMap(nodeSha256)
  #epoch = -1
  #turn: Promise<unknown> = Promise.resolve()

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /** Runs `work` when whoever was before has finished. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work)
    this.#turn = turn.catch(() => {})
    return turn
  }

  /** The map after `epoch`; only within `alone`. @throws CodedError `map-broken` when it is not the one in the log */
  async at(epoch: number): Promise<SubjectMap> {
    if (epoch < this.#epoch) {
      this.#map = new SubjectMap(nodeSha256)
      this.#epoch = -1
    }
    if (epoch > this.#epoch) {
      const [text] = await readEpochs(this.#pool, epoch, 1)
      const root = this.#map.stage(await readChanges(this.#pool, this.#epoch, epoch))
      if (text === undefined || !sameBytes(parseEpoch(text).root, root))
        throw new CodedError<EpochsFault>(
          'map-broken',
          `the map is not that of epoch ${epoch}: run \`countersign verify\``,
        )
      this.#map.publish()
      this.#epoch = epoch
    }
    return this.#map
  }
}

type Making = EpochsParties & { key: SigningKey; policy: TrustPolicy; labels: Labels }

async function makeEpoch(making: Making, known: KnownMap): Promise<Epoch | null> {
  const client = await making.pool.connect()
  try {
    const tables = inEpochs(client)
    const head = await beginUnderHeadLock(tables)
    const epoch = await nextEpoch(making, client, head, known)
    await client.query(epoch === null ? 'ROLLBACK' : 'COMMIT')
    return epoch
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

async function nextEpoch(
  making: Making,
  client: pg.PoolClient,
  head: HeadRow,
  known: KnownMap,
): Promise<Epoch | null> {
  const { ledger, policy, labels, clock } = making
  const awaited = policy.witnesses.length > 0 && head.size > 0
  if (awaited) {
    const { size, witnessed } = await readPublished(inEpochs(client), policy, head)
    if (!witnessed || size < head.size) return null
  }
  const covered = head.size === 0 ? 0 : await coveredBy(client, head.size - 1)
  // What witnesses have not signed yet, her browser would refuse as the ledger's.
  const { size: ledgerSize } = await ledger.published()
  if (head.size > 0 && ledgerSize <= covered) return null
  const map = await known.at(head.size - 1)
  const grown = await readGrownChains(client, covered, ledgerSize)
  const labelled = new Map(
    (await labels.ofChains(client, grown)).map((one) => [`${one.subject}/${one.tenure}`, one.label]),
  )
  const changes = grown.flatMap(({ subject, tenure, count, link }) => {
    const label = labelled.get(`${subject}/${tenure}`)
    return label === undefined ? [] : { label, count, link }
  })
  const root = map.stage(changes)
  map.discard()
  const epoch = { epoch: head.size, ledgerSize, root, vrfKey: labels.vrfKey, at: clock.now() }
  await writeEpoch(making, client, head, { epoch, changes })
  return epoch
}

async function coveredBy(client: pg.PoolClient, epoch: number): Promise<number> {
  const [text] = await readEpochs(client, epoch, 1)
  invariant(text !== undefined, 'every epoch has its entry')
  return parseEpoch(text).ledgerSize
}

async function writeEpoch(
  { origin, key, clock }: Making,
  client: pg.PoolClient,
  head: HeadRow,
  { epoch, changes }: { epoch: Epoch; changes: Parameters<typeof insertEpoch>[1]['changes'] },
): Promise<void> {
  const tables = inEpochs(client)
  const edge = await Edge.load(
    head.size,
    (level, index, width) => readTileRow(tables, level, index, width),
    nodeSha256,
  )
  invariant(sameBytes(edge.root(), head.root), 'the tiles of the second log give its root')
  const entry = encodeEpoch(epoch)
  edge.add(hashLeaf(new TextEncoder().encode(entry), nodeSha256))
  const [size, root] = [edge.size, edge.root()]
  const note = signCheckpoint({ origin, size, root }, key)
  await insertEpoch(client, {
    index: head.size,
    entry,
    changes,
    tiles: edge.takeWrites(),
    head: { size, root, note, signedAt: clock.now() },
  })
}

/** The last of so many epochs, and that it is the last: the same for everybody until there is another. */
interface LastEpoch {
  readonly text: string
  readonly inclusion: readonly string[]
}

/** Reads it once. */
function rememberLast(pool: pg.Pool): (size: number) => Promise<LastEpoch> {
  const tables = inEpochs(pool)
  let known: { size: number; last: Promise<LastEpoch> } | null = null
  const read = async (size: number): Promise<LastEpoch> => {
    const [text = ''] = await readEpochs(pool, size - 1, 1)
    const readTile = (level: number, index: number, width: number) => readTileRow(tables, level, index, width)
    const inclusion = await proveInclusion(size - 1, size, readTile, nodeSha256)
    return { text, inclusion: inclusion.map(encodeBase64) }
  }
  return (size) => {
    if (known?.size !== size) known = { size, last: read(size) }
    // What failed is asked for again.
    known.last.catch(() => {
      known = null
    })
    return known.last
  }
}

async function prove(
  parties: {
    pool: pg.Pool
    labels: Labels
    known: KnownMap
    lastEpoch: (size: number) => Promise<LastEpoch>
  },
  { size, note }: PublishedCheckpoint,
  holder: ChainKey,
): Promise<CompletenessProof | null> {
  const { pool, labels, known, lastEpoch } = parties
  const held = size === 0 ? null : await labels.ofHolder(pool, holder)
  if (held === null) return null
  const { own, next, ordinal } = held
  const { text, inclusion } = await lastEpoch(size)
  const [hers, after] = await known.alone(async () => {
    const map = await known.at(size - 1)
    return [map.prove(own.label), map.prove(next.label)] as const
  })
  return {
    checkpoint: note,
    epoch: text,
    inclusion,
    ordinal,
    own: { label: encodeBase64(own.proof), path: encodeBase64(encodeMapProof(hers)) },
    next: { label: encodeBase64(next.proof), path: encodeBase64(encodeMapProof(after)) },
  }
}

function requireHead(head: HeadRow | null): HeadRow {
  invariant(head !== null, 'the second log has a head')
  return head
}
