import type pg from 'pg'
import type { Sealer } from '../platform/sealer.ts'
import type { EntryId, JsonObject } from './entry.ts'
import { isLost, type LogRow, openEntry } from './sealed-entry.ts'
import { type Queryable, readEntries, readIntake } from './store.ts'

/**
 * What a room's tables and the ledger both know, so that one can be held against the other (promise 2). Each thing
 * has a key: a contact's id, a person and a role.
 */
export interface StateAccount {
  /** In the plural: `grants`. */
  readonly name: string
  /** What an entry brings into being and what it ends, as keys. */
  change(
    entry: AccountedEntry,
  ): { readonly adds?: readonly string[]; readonly takes?: readonly string[] } | null
  /** Kinds whose entries `change` reads; one of them without its body leaves the account open. */
  readonly kinds: readonly string[]
  /** Gives a column `key` of everything there is. */
  readonly sql: string
}

/** An entry whose body is there. */
export interface AccountedEntry {
  readonly id: EntryId
  readonly kind: string
  readonly says: JsonObject
}

/** What is in the tables without an entry, or the other way round. */
export interface StateFinding {
  readonly code: 'state-without-entry' | 'entry-without-state'
  readonly account: string
  readonly key: string
  /** The entry's index; absent where there is none. */
  readonly at?: number
  readonly why: string
}

export interface StateVerdict {
  readonly ok: boolean
  /** How many things were held against their entries. */
  readonly checked: number
  /** At most 100; `more` says how many were left out. */
  readonly findings: readonly StateFinding[]
  readonly more: number
  readonly why: string
}

const CHUNK = 2_048
const MOST_FINDINGS = 100

/**
 * Replays the accounts from the opened entries, those still waiting for their index included, and compares them
 * with the tables, all in one snapshot. Where bodies of an account's kinds were erased, so many of its things may
 * stand without their entry.
 * @throws CodedError `body-broken` for a body that was changed: verify the ledger first
 */
export async function verifyState(options: {
  pool: pg.Pool
  sealer: Sealer
  accounts: readonly StateAccount[]
}): Promise<StateVerdict> {
  const client = await options.pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return await compare(client, options.sealer, options.accounts)
  } finally {
    await client.query('ROLLBACK').catch(() => {})
    client.release()
  }
}

/** An account while entries are read: where each key came from. */
interface Replay {
  readonly account: StateAccount
  readonly kinds: ReadonlySet<string>
  readonly keys: Map<string, number>
  erased: number
}

async function compare(
  client: Queryable,
  sealer: Sealer,
  accounts: readonly StateAccount[],
): Promise<StateVerdict> {
  const replays = accounts.map(
    (account): Replay => ({ account, kinds: new Set(account.kinds), keys: new Map(), erased: 0 }),
  )
  for (let from = 0; ; from += CHUNK) {
    const rows = await readEntries(client, from, CHUNK)
    for (const row of rows) replay(replays, row, sealer)
    if (rows.length < CHUNK) break
  }
  for (const row of await readIntake(client)) replay(replays, row, sealer)
  const findings: StateFinding[] = []
  let checked = 0
  for (const one of replays) {
    const { rows } = await client.query<{ key: string }>(one.account.sql)
    checked += rows.length
    findings.push(
      ...differencesOf(
        one,
        rows.map(({ key }) => key),
      ),
    )
  }
  return verdictOf(checked, findings)
}

/** What a lost entry did to the tables was lost with it, in the same restore: it changes nothing here. */
function replay(replays: readonly Replay[], row: LogRow, sealer: Sealer): void {
  if (isLost(row)) return
  const { id, index, kind, body } = openEntry(row, sealer)
  for (const one of replays) {
    // An erased body of a kind that no report counts does not even tell its kind.
    if (!one.kinds.has(kind) && !(body === null && kind === 'other')) continue
    if (body === null) {
      one.erased += 1
      continue
    }
    const change = one.account.change({ id, kind, says: body })
    for (const key of change?.takes ?? []) one.keys.delete(key)
    for (const key of change?.adds ?? []) one.keys.set(key, index)
  }
}

function differencesOf({ account, keys, erased }: Replay, state: readonly string[]): StateFinding[] {
  const { name } = account
  const held = new Set(state)
  const unaccounted = state.filter((key) => !keys.has(key))
  const rows = unaccounted.slice(erased).map(
    (key): StateFinding => ({
      code: 'state-without-entry',
      account: name,
      key,
      why: `Among the ${name} stands ${key}, and no entry says so.`,
    }),
  )
  const entries = [...keys]
    .filter(([key]) => !held.has(key))
    .map(
      ([key, at]): StateFinding => ({
        code: 'entry-without-state',
        account: name,
        key,
        ...(at < 0 ? {} : { at }),
        why: `Entry ${at < 0 ? 'waiting for its number' : at} speaks of ${key}, which is missing among the ${name}.`,
      }),
    )
  return [...rows, ...entries]
}

function verdictOf(checked: number, findings: readonly StateFinding[]): StateVerdict {
  const shown = findings.slice(0, MOST_FINDINGS)
  const why =
    findings.length === 0
      ? `All ${checked} things in the tables have their entry, and every entry has its state.`
      : (shown[0] as StateFinding).why
  return { ok: findings.length === 0, checked, findings: shown, more: findings.length - shown.length, why }
}
