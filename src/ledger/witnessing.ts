import type { Clock } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import { describeError } from '../platform/http/problem.ts'
import type { Log } from '../platform/log.ts'
import { encodeBase64 } from './base64.ts'
import { encodeWitnessKey } from './cosignature.ts'
import type { EntryDraft } from './entry.ts'
import { createLoop } from './loop.ts'
import { nodeSha256 } from './node-crypto.ts'
import { proveConsistency } from './prover.ts'
import { readNewest, readPublished, witnessKeysOf } from './published.ts'
import { type HeadRow, type Queryable, readHead, readTileRow } from './store.ts'
import type { TrustedWitness, TrustPolicy } from './trust-policy.ts'
import { askWitness, type WitnessSaid } from './witness/ask-witness.ts'
import {
  addWitnesses,
  insertCosignature,
  pruneCosignatures,
  readFirstSignedBeyond,
  readWitnesses,
  updateRefused,
  updateTrouble,
  updateWitnessSize,
  type WitnessRow,
} from './witness-store.ts'

/** What this operator does when its witnesses are silent, or say no. */
export interface WitnessRules {
  /** Entries without enough cosignatures for so long raise an alarm. */
  readonly alarmAfterMinutes: number
  /** And for so long, stop reveals; null: never. */
  readonly stopAfterMinutes: number | null
  /** A witness that refuses our log stops reveals at once. */
  readonly stopOnRefusal: boolean
}

/** Alarm at ten minutes, stop after an hour, and at once on a refusal. */
export const DEFAULT_WITNESS_RULES: WitnessRules = {
  alarmAfterMinutes: 10,
  stopAfterMinutes: 60,
  stopOnRefusal: true,
}

/** One witness, as pages and metrics show it. Instants are milliseconds since 1970 UTC. */
export interface WitnessState {
  /** As the policy calls it. */
  readonly name: string
  readonly cosignedSize: number | null
  readonly cosignedAt: number | null
  /** Why it gave no cosignature when last asked. */
  readonly trouble: string | null
  readonly refusedAt: number | null
  readonly refusedWhy: string | null
}

/** Who stands behind the log, and how far. */
export interface Countersigned {
  /** Entries under the newest checkpoint that satisfies the policy; 0 while there is none. */
  readonly size: number
  /** When the last of its cosignatures was given; null while there is none. */
  readonly at: number | null
  /** Names of those who cosigned it. */
  readonly by: readonly string[]
  /** How many witnesses the policy has; 0: none is asked for. */
  readonly of: number
  /** Since when entries stand without the quorum; null: all are covered. */
  readonly waitingSince: number | null
  readonly witnesses: readonly WitnessState[]
}

/** `refused`: a witness says that our log is not the one it knows. `late`: the quorum is long in coming. */
export type WitnessAlarm = 'refused' | 'late'

/** Brings checkpoints to the witnesses of the policy, in the background; nothing waits for it. */
export interface Witnessing {
  readonly policy: TrustPolicy
  /** As of the last look at the database, about a second ago. */
  countersigned(): Countersigned
  alarm(): WitnessAlarm | null
  /** Why nothing may be revealed now; null: it may. */
  stopsReveals(): WitnessAlarm | null
  /** Takes the refusals of another log, which the same witnesses sign, for refusals of this one from now on. */
  join(other: Pick<Witnessing, 'countersigned'>): void
  /** Asks every witness that is due, once; resolves when all have answered. */
  round(): Promise<void>
  /** Rounds from now on; none waits for a slow witness. */
  start(): void
  close(): Promise<void>
}

export interface WitnessingParties {
  readonly pool: Queryable
  readonly clock: Clock
  readonly policy: TrustPolicy
  readonly rules: WitnessRules
  readonly record: (draft: EntryDraft) => Promise<unknown>
  /** The log's name, said where a witness refuses it; the ledger itself needs none. */
  readonly origin?: string
  readonly log?: Log
  /** Told when an alarm begins or ends, so that open screens show it at once. */
  readonly onAlarm?: () => Promise<void>
  /** Told after each cosignature: the checkpoint with the cosignatures it has. */
  readonly onCosigned?: (note: string) => void
  /** How long a witness may take; default 10 s. */
  readonly timeoutMs?: number
}

const EVERY_MS = 1_000
const TIMEOUT_MS = 10_000
/** A log that does not grow is brought again after so long, so that a witness that is gone, or turned, is noticed. */
const FRESH_MS = 60_000
const LONGEST_WAIT_MS = 5 * 60_000

interface Asked {
  failures: number
  notBefore: number
  busy: Promise<void> | null
}

/** Opens it; the witnesses of the policy are followed from now on. */
export async function createWitnessing(parties: WitnessingParties): Promise<Witnessing> {
  const { pool, clock, policy, rules } = parties
  await addWitnesses(pool, witnessKeysOf(policy), clock.now())
  const asked = new Map<string, Asked>(
    policy.witnesses.map((witness) => [witness.name, { failures: 0, notBefore: 0, busy: null }]),
  )
  const closing = new AbortController()
  const joined: Pick<Witnessing, 'countersigned'>[] = []
  let state = await readState(parties)
  const told = () => joined.reduce((own, other) => withRefusals(own, other.countersigned().witnesses), state)
  const refresh = async () => {
    const before = alarmOf(state, rules, clock.now())
    state = await readState(parties)
    if (alarmOf(state, rules, clock.now()) !== before) await parties.onAlarm?.()
  }
  /** Begins to ask those that are due and not busy, and gives what is under way. */
  const begin = async (): Promise<Promise<void>[]> => {
    if (asked.size === 0) return []
    const head = await readHead(pool)
    const rows = await readWitnesses(pool, witnessKeysOf(policy))
    for (const witness of policy.witnesses) {
      const row = rows.find(({ key }) => key === keyTextOf(witness))
      const mine = asked.get(witness.name)!
      if (
        head === null ||
        row === undefined ||
        mine.busy !== null ||
        !isDue(witness, row, mine, head, clock.now())
      )
        continue
      mine.busy = attend(parties, witness, row, head, mine, closing.signal)
        .catch((error: unknown) => parties.log?.warn(describeError(error), 'a witness could not be asked'))
        .finally(() => {
          mine.busy = null
        })
    }
    return [...asked.values()].flatMap(({ busy }) => busy ?? [])
  }
  const look = async () => {
    await begin()
    await refresh()
  }
  const loop = createLoop(EVERY_MS, look, (error) =>
    parties.log?.warn(describeError(error), 'the witnesses could not be looked after'),
  )
  return {
    policy,
    countersigned: told,
    alarm: () => alarmOf(told(), rules, clock.now()),
    stopsReveals: () => stopOf(told(), rules, clock.now()),
    join: (other) => void joined.push(other),
    async round() {
      await Promise.all(await begin())
      await refresh()
    },
    start: () => {
      if (asked.size > 0) loop.start()
    },
    async close() {
      closing.abort()
      await loop.stop()
      await Promise.all([...asked.values()].map(({ busy }) => busy))
    },
  }
}

function keyTextOf({ key }: TrustedWitness): string {
  return encodeWitnessKey(key.name, key.publicKey)
}

function isDue(witness: TrustedWitness, row: WitnessRow, asked: Asked, head: HeadRow, now: number): boolean {
  if (witness.url === null || now < asked.notBefore || head.size === 0) return false
  return row.trouble !== null || row.cosignedSize !== head.size || now - (row.cosignedAt ?? 0) >= FRESH_MS
}

/** Asks one witness about one head, twice where it first says which size it holds. */
async function attend(
  parties: WitnessingParties,
  witness: TrustedWitness,
  row: WitnessRow,
  head: HeadRow,
  asked: Asked,
  closing: AbortSignal,
): Promise<void> {
  const { pool, clock } = parties
  let oldSize = Math.min(row.size, head.size)
  let said = await ask(parties, witness, oldSize, head, closing)
  if (said.said === 'size' && said.size !== oldSize && said.size <= head.size) {
    oldSize = said.size
    await updateWitnessSize(pool, row.key, oldSize)
    said = await ask(parties, witness, oldSize, head, closing)
  }
  if (closing.aborted) return
  const verdict = await judgeSaid(parties, said, oldSize)
  if (verdict.said === 'cosigned') {
    const { at, line } = verdict.cosignature
    asked.failures = 0
    asked.notBefore = 0
    await insertCosignature(pool, { size: head.size, key: row.key, at, line })
    parties.onCosigned?.((await readNewest(pool, parties.policy, head)).note)
    const published = await readPublished(pool, parties.policy, head)
    await pruneCosignatures(pool, row.key, published.size)
    return
  }
  asked.failures += 1
  asked.notBefore = clock.now() + Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** (asked.failures - 1))
  if (verdict.said === 'refused') await refuseLoudly(parties, witness, row, verdict.why)
  else await updateTrouble(pool, row.key, verdict.why)
}

async function ask(
  parties: WitnessingParties,
  witness: TrustedWitness,
  oldSize: number,
  head: HeadRow,
  closing: AbortSignal,
): Promise<WitnessSaid> {
  const readTile = (level: number, index: number, width: number) =>
    readTileRow(parties.pool, level, index, width)
  const proof = await proveConsistency(oldSize, head.size, readTile, nodeSha256)
  return askWitness(
    witness,
    { oldSize, proof: proof.map(encodeBase64), note: head.note },
    AbortSignal.any([closing, AbortSignal.timeout(parties.timeoutMs ?? TIMEOUT_MS)]),
  )
}

/**
 * Tells a size that only needs asking again from one that is a refusal: a witness that holds a larger tree than we
 * have (another server of ours may have appended meanwhile, so the head is read anew), or another tree of the size
 * we proved from (witnesses by an older page of the protocol say 409 where newer ones say 422).
 */
async function judgeSaid(
  parties: WitnessingParties,
  said: WitnessSaid,
  oldSize: number,
): Promise<Exclude<WitnessSaid, { said: 'size' }>> {
  if (said.said !== 'size') return said
  const head = await readHead(parties.pool)
  if (said.size > (head?.size ?? 0))
    return {
      said: 'refused',
      why: `it has seen ${said.size} entries of this log, and the log has ${head?.size ?? 0}`,
    }
  if (said.size === oldSize && oldSize > 0)
    return { said: 'refused', why: `it holds another tree of ${oldSize} entries under this log's name` }
  return { said: 'nothing', why: 'it was asked by another server meanwhile' }
}

/** The first time: into the ledger, the log, and onto every screen; it stays until the witness cosigns again. */
async function refuseLoudly(
  parties: WitnessingParties,
  witness: TrustedWitness,
  row: WitnessRow,
  why: string,
): Promise<void> {
  if (!(await updateRefused(parties.pool, row.key, parties.clock.now(), why))) return
  const named = parties.origin === undefined ? {} : { origin: parties.origin }
  parties.log?.error(
    { witness: witness.name, why, ...named },
    'A WITNESS REFUSES THIS LOG: it was forked, rolled back or restored from an old copy',
  )
  try {
    await parties.record({
      kind: 'witness-refused',
      header: { outcome: 'refused' },
      body: { witness: witness.name, key: row.key, why, ...named },
    })
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    parties.log?.error(describeError(error), 'the refusal could not be written into the ledger')
  }
}

async function readState({ pool, policy }: WitnessingParties): Promise<Countersigned> {
  const rows = await readWitnesses(pool, witnessKeysOf(policy))
  const rowOf = (witness: TrustedWitness) => rows.find(({ key }) => key === keyTextOf(witness))
  const witnesses = policy.witnesses.map((witness): WitnessState => {
    const row = rowOf(witness)
    return {
      name: witness.name,
      cosignedSize: row?.cosignedSize ?? null,
      cosignedAt: row?.cosignedAt ?? null,
      trouble: row?.trouble ?? null,
      refusedAt: row?.refusedAt ?? null,
      refusedWhy: row?.refusedWhy ?? null,
    }
  })
  const none = { size: 0, at: null, by: [], of: witnesses.length, waitingSince: null, witnesses }
  const head = await readHead(pool)
  if (head === null || witnesses.length === 0) return none
  const published = await readPublished(pool, policy, head)
  const size = published.witnessed ? published.size : 0
  const beyond = size < head.size ? await readFirstSignedBeyond(pool, size) : null
  // What was signed before anybody was there to countersign does not count as waiting.
  const since = Math.max(...rows.map(({ addedAt }) => addedAt))
  const names = policy.witnesses.filter((witness) =>
    published.cosignatures.some(({ key }) => key === keyTextOf(witness)),
  )
  return {
    ...none,
    size,
    at: published.witnessed ? Math.max(...published.cosignatures.map(({ at }) => at)) : null,
    by: published.witnessed ? names.map(({ name }) => name) : [],
    waitingSince: beyond === null ? null : Math.max(beyond, since),
  }
}

/** A witness that refuses another log of ours refuses us: which log it was, its words say. */
function withRefusals(state: Countersigned, others: readonly WitnessState[]): Countersigned {
  const witnesses = state.witnesses.map((own): WitnessState => {
    const other = others.find(({ name }) => name === own.name)
    if (own.refusedAt !== null || other === undefined || other.refusedAt === null) return own
    return { ...own, refusedAt: other.refusedAt, refusedWhy: other.refusedWhy }
  })
  return { ...state, witnesses }
}

function alarmOf(state: Countersigned, rules: WitnessRules, now: number): WitnessAlarm | null {
  if (state.witnesses.some(({ refusedAt }) => refusedAt !== null)) return 'refused'
  return isLate(state, rules.alarmAfterMinutes, now) ? 'late' : null
}

function stopOf(state: Countersigned, rules: WitnessRules, now: number): WitnessAlarm | null {
  if (rules.stopOnRefusal && state.witnesses.some(({ refusedAt }) => refusedAt !== null)) return 'refused'
  return rules.stopAfterMinutes !== null && isLate(state, rules.stopAfterMinutes, now) ? 'late' : null
}

function isLate({ waitingSince }: Countersigned, minutes: number, now: number): boolean {
  return waitingSince !== null && now - waitingSince >= minutes * 60_000
}
