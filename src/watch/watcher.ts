import { createHmac } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { EntryId, StoredEntry } from '../ledger/entry.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Trx } from '../platform/database.ts'
import { Engine, type EngineData, type Scored } from './engine.ts'
import type { Access, Fact } from './look.ts'
import { BUDGET, type WatchParties } from './parties.ts'
import {
  LEDGER_TELLS,
  LedgerReader,
  type LedgerReaderData,
  type LookFacts,
  type Step,
} from './read-ledger.ts'
import { SIGNS } from './rules.ts'
import {
  insertAlert,
  joinAlert,
  readAlertOfLook,
  readLooks,
  readOpenAlert,
  readState,
  saveLooks,
  saveState,
  type WatchedLook,
  worsenAlert,
} from './store.ts'

/**
 * Follows the ledger and scores every look. What it knows is a function of the entries read so far and of nothing
 * else, so a server that dies loses nothing: the next one begins at the last kept state and reads the same entries to
 * the same scores; with no state kept it begins at the first entry. Looks are rewritten with the same values, and a
 * look is in one alert at most, so reading an entry twice changes nothing.
 */
export interface Watcher {
  /** Reads everything that is in the ledger and not read yet. Calls wait for each other. */
  catchUp(): Promise<void>
  /** Keeps what is known, so that the next start begins here. */
  keep(): Promise<void>
  /** The index of the next entry to read. */
  readonly next: number
}

const PAGE = 500
/** Looks kept in memory because something may still be said about them; others are read from their rows. */
const MOST_IN_MEMORY = 5_000
const KEEP_EVERY_ENTRIES = 20_000
const STATE = 'watch-state'
const SIGN_NAMES = SIGNS.map(({ name }) => name)
/** With fewer looks to compare with than one alert needs, only the highest of all is worth a question. */
const LEAST_TO_COMPARE = 30
const SURPRISING = 4

/** Opens the watcher at the last kept state. */
export async function openWatcher(parties: WatchParties): Promise<Watcher> {
  const { db, ledger, keys } = parties
  let state = await load(parties)
  let running: Promise<void> = Promise.resolve()
  const keep = async () => {
    if (state.next === state.keptAt) return
    const { engine, reader, next } = state
    const packed = pack({ signs: SIGN_NAMES, engine: engine.data(), reader: reader.data() })
    const sealed = keys.sealer.seal(STATE, STATE, packed)
    await saveState(db, { nextIndex: next, at: parties.clock.now(), sealed })
    state.keptAt = next
  }
  const readAll = async () => {
    // What a page taught that could not be saved would count twice: begin again at what was kept.
    if (state.broken) state = await load(parties)
    const { size } = await ledger.head()
    while (state.next < size) {
      const { next } = state
      const entries = await readPage(parties, next, Math.min(size, next + PAGE))
      state.broken = true
      await follow(state, entries)
      state.broken = false
      state.next = Math.min(size, next + PAGE)
      if (state.next - state.keptAt >= KEEP_EVERY_ENTRIES) await keep()
    }
  }
  const inTurn = (work: () => Promise<void>) => {
    running = running.catch(() => {}).then(work)
    return running
  }
  return {
    catchUp: () => inTurn(readAll),
    keep: () => inTurn(async () => (state.broken ? undefined : keep())),
    get next() {
      return state.next
    },
  }
}

/**
 * The entries from `from` to before `until`. One that somebody changed, or whose texts were lost in a restore, is passed
 * over with a line in the log: else whoever changes one entry would end all watching.
 */
async function readPage(
  { ledger, log }: WatchParties,
  from: number,
  until: number,
): Promise<readonly StoredEntry[]> {
  try {
    const page = await ledger.entries({ before: until, limit: until - from })
    return page.filter(({ index }) => index >= from).reverse()
  } catch (error) {
    if (!isUnreadable(error)) throw error
  }
  const entries: StoredEntry[] = []
  for (let index = from; index < until; index += 1) {
    try {
      entries.push(await ledger.entry(index))
    } catch (error) {
      if (!isUnreadable(error)) throw error
      log.error({ index, code: error.code }, 'an entry cannot be watched: run `countersign verify --data`')
    }
  }
  return entries
}

const UNREADABLE = new Set(['body-broken', 'entry-lost', 'text-not-canonical', 'entry-inconsistent'])

function isUnreadable(error: unknown): error is CodedError<string> {
  return error instanceof CodedError && UNREADABLE.has(error.code)
}

/** What was known at the last kept state, or nothing. */
async function load(parties: WatchParties): Promise<Following> {
  const stored = await readState(parties.db)
  const kept = stored === null ? null : unpack(parties.keys.sealer.open(STATE, STATE, stored.sealed))
  // What was counted by other signs is counted anew: the ledger has it all.
  const from = kept?.signs?.join() === SIGN_NAMES.join() ? kept : null
  const next = from === null ? 0 : (stored?.nextIndex ?? 0)
  return {
    parties,
    engine: new Engine({ told: LEDGER_TELLS, ...(from === null ? {} : { from: from.engine }) }),
    reader: new LedgerReader({
      offsetMinutes: parties.offsetMinutes,
      ...(from === null ? {} : { from: from.reader }),
    }),
    recent: new Map(),
    auditKey: parties.keys.prfKey('watch-audit'),
    next,
    keptAt: next,
    broken: false,
  }
}

interface Following {
  readonly parties: WatchParties
  readonly engine: Engine
  readonly reader: LedgerReader
  readonly recent: Map<string, WatchedLook>
  readonly auditKey: Uint8Array
  /** The next entry to read, and the one at which the kept state goes on. */
  next: number
  keptAt: number
  /** A page was read and not saved. */
  broken: boolean
}

/** Reads some entries and writes what came of them in one transaction with the alerts' entries. */
async function follow(state: Following, entries: readonly StoredEntry[]): Promise<void> {
  const { parties, engine, reader, recent } = state
  const changed = new Map<string, number>()
  for (const entry of entries)
    for (const step of reader.read(entry)) {
      if (step.do === 'score') {
        put(state, watched(engine.score(step.access), step.access, step.look))
        changed.set(step.access.id, entry.at)
      } else if (step.do === 'settle') await settle(state, step)
      else for (const look of await amend(state, step.fact)) changed.set(look, entry.at)
    }
  if (changed.size === 0) return
  const looks = [...changed.keys()].map((id) => recent.get(id)!)
  const ids: EntryId[] = []
  await parties.db.transaction().execute(async (trx) => {
    await saveLooks(trx, looks)
    for (const look of looks) {
      const id = await askAbout(state, trx, look, changed.get(look.id)!)
      if (id !== null) ids.push(id)
    }
  })
  if (ids.length > 0) await parties.ledger.sequence(ids)
  for (const id of recent.keys()) {
    if (recent.size <= MOST_IN_MEMORY) break
    recent.delete(id)
  }
}

async function amend(state: Following, fact: Fact): Promise<string[]> {
  const touched: string[] = []
  for (const { look, says } of state.engine.tell(fact)) {
    const before = await lookOf(state, look)
    if (before === null) continue
    const { staff: _staff, ...facts } = before
    put(state, watched(state.engine.amend(before.scored, says, fact.at), before.scored.access, facts))
    touched.push(look)
  }
  return touched
}

/** A verdict changes what others are compared with. */
async function settle(state: Following, { look, verdict }: Extract<Step, { do: 'settle' }>): Promise<void> {
  const known = await lookOf(state, look)
  if (known === null) return
  if (verdict === 'incident') state.engine.confirm(known.scored)
  else state.engine.clear(known.scored)
}

async function lookOf({ recent, parties }: Following, id: string): Promise<WatchedLook | null> {
  return recent.get(id) ?? (await readLooks(parties.db, [id]))[0] ?? null
}

/** Newest last, so that the oldest is forgotten first. */
function put({ recent }: Following, look: WatchedLook): void {
  recent.delete(look.id)
  recent.set(look.id, look)
}

function watched(scored: Scored, access: Access, facts: LookFacts): WatchedLook {
  const { entry, deskName, supervisor, team, month, purpose, channel } = facts
  const { level, p, total, hard } = scored
  return {
    id: access.id,
    staff: access.employee,
    subject: access.subject,
    office: access.office ?? '',
    at: access.at,
    ...{ entry, deskName, supervisor, team, month, purpose, channel },
    ...{ level, p, total, hard, scored },
  }
}

/** Opens an alert about a look, or joins the one that is open about its pair; gives the entry's id if it did. */
async function askAbout(state: Following, trx: Trx, look: WatchedLook, at: number): Promise<EntryId | null> {
  const { parties } = state
  const why = reasonToAsk(look.scored, auditDraw(state.auditKey, look.id))
  if (why === null) return null
  const asked = await readAlertOfLook(trx, look.id)
  if (asked !== null && !isGraver(asked, why)) return null
  const open = asked ?? (await readOpenAlert(trx, look.staff, look.subject))
  if (open !== null && open.verdict === null) {
    await joinAlert(trx, look.id, open.id)
    if (!isGraver(open, why)) return null
    await worsenAlert(trx, open.id, { why, hard: look.hard, p: Math.min(open.p, look.p) })
    return appendAlert(parties, trx, open.id, look, why)
  }
  const id = Buffer.from(parties.random(12)).toString('hex')
  const { staff, subject, office, supervisor, hard, p } = look
  await insertAlert(trx, { id, staff, subject, office, supervisor, why, hard, p, openedAt: at })
  await joinAlert(trx, look.id, id)
  for (const officer of await parties.staff.duty.onCall('privacy-officer'))
    if (officer.id !== staff)
      await parties.notifications.publish(trx, 'notice', { staffId: officer.id, kind: 'watch-alert', id })
  return appendAlert(parties, trx, id, look, why)
}

function appendAlert(
  { ledger }: WatchParties,
  trx: Trx,
  alert: string,
  look: WatchedLook,
  why: string,
): Promise<EntryId> {
  // The header says nothing: that somebody was asked about must not be read from the times.
  return ledger.append(trx, {
    kind: 'watch-alert',
    header: null,
    subject: look.subject,
    body: { alert, staff: look.staff, looks: [look.id], why, hard: look.hard, p: look.p },
  })
}

/** Why a look is asked about, if it is: a hard finding, its score, or chance. `draw` is in [0, 1). */
export function reasonToAsk(
  scored: Pick<Scored, 'hard' | 'p' | 'compared' | 'values'>,
  draw: number,
): 'hard' | 'score' | 'audit' | null {
  if (scored.hard !== null) return 'hard'
  const within = BUDGET.alertsPerThousand / 1000
  if (scored.compared >= 1 / within) {
    if (scored.p <= within) return 'score'
  } else if (
    scored.compared >= LEAST_TO_COMPARE &&
    scored.values[0]! >= SURPRISING &&
    scored.p * (scored.compared + 1) <= 1.001
  )
    return 'score'
  return draw < BUDGET.auditsPerThousand / 1000 ? 'audit' : null
}

/** Drawn under a key, so that nobody can know beforehand whether their look will be audited. */
function auditDraw(key: Uint8Array, look: string): number {
  return createHmac('sha256', key).update(look).digest().readUInt32BE(0) / 2 ** 32
}

const GRAVITY = { audit: 0, score: 1, hard: 2 } as const

function isGraver(alert: { why: keyof typeof GRAVITY }, why: keyof typeof GRAVITY): boolean {
  return GRAVITY[why] > GRAVITY[alert.why]
}

interface Packed {
  /** By which signs it was counted; a state from before they were noted has none. */
  readonly signs?: readonly string[]
  readonly engine: EngineData
  readonly reader: LedgerReaderData
}

function pack(state: Packed): Buffer {
  return gzipSync(JSON.stringify(state))
}

function unpack(bytes: Buffer): Packed {
  return JSON.parse(gunzipSync(bytes).toString()) as Packed
}
