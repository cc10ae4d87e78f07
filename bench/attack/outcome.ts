/** What came of one attack; every member is counted while it ran. */

/** What was carried away. */
export interface Taken {
  /** Rows of the victim's log, each once. */
  readonly rows: number
  /** Of one other party's last seven digits, the most that became known. */
  readonly digits: number
  /** Other parties' numbers, whole. */
  readonly whole: number
  /** Numbers of which it became known whether they are in the log. */
  readonly answers: number
  /** Whatever else, in words; empty where there was nothing. */
  readonly more: string
}

/** Who noticed. `the ledger`: it is written down, and nobody was told. */
export type Watcher =
  | 'the customer'
  | 'a supervisor'
  | 'a privacy officer'
  | 'an administrator'
  | 'verify'
  | 'a witness'
  | 'the server'
  | 'the ledger'

export interface Noticed {
  readonly by: Watcher
  readonly how: string
  /** From the attack's first step; null for what is there to be read and tells nobody. */
  readonly afterMs: number | null
}

export interface Outcome {
  readonly id: string
  readonly who: string
  readonly tries: string
  readonly taken: Taken
  readonly noticed: readonly Noticed[]
  /** What a found list proves; null where no rows were taken. */
  readonly proves: string | null
  /** What the attack met, in the server's own words. */
  readonly met: readonly string[]
}

/** `stopped`: nothing was taken. `told`: something was, and somebody was told. `open`: something was, and nobody was. */
export type Ending = 'stopped' | 'told' | 'open'

/** How it ended. */
export function endingOf({ taken, noticed }: Pick<Outcome, 'taken' | 'noticed'>): Ending {
  const { rows, digits, whole, answers, more } = taken
  if (rows + digits + whole + answers === 0 && more === '') return 'stopped'
  return noticed.some(({ afterMs }) => afterMs !== null) ? 'told' : 'open'
}
