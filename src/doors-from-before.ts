import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from './keys/durable-file.ts'
import { commitWith } from './ledger/commit.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Db } from './platform/database.ts'
import type { StaffRoom } from './staff/room.ts'

/** Beside the keys: how many entries the ledger had when what stood in the database without a mark was taken at its word. */
const DOORS_MARKED = 'doors-marked'

/** Whether a start has marked them, so that one without a mark is nobody's. */
export function doorsAreMarked({ keyDirectory }: { readonly keyDirectory: string }): boolean {
  return existsSync(join(keyDirectory, DOORS_MARKED))
}

/**
 * Marks passkeys and shops' devices from a time without marks, at the first start after it and never again.
 *
 * Why at a start and not at first use: a row without a mark that is believed whenever it comes is a row that whoever
 * writes the database can make at any time. Why never again: that it was done stands beside the keys, where the database
 * cannot change it. It is done again only where the ledger has become shorter than it was then, so a database from before
 * was restored; that a ledger is shorter without an officer's word stops the start long before this. What somebody had
 * swapped before the upgrade is believed: there is nothing to hold it against.
 * @returns how many rows were marked.
 */
export async function markDoorsFromBefore(parties: {
  readonly db: Db
  readonly ledger: Ledger
  readonly staff: Pick<StaffRoom, 'doors'>
  readonly keyDirectory: string
}): Promise<number> {
  const { db, ledger, staff, keyDirectory } = parties
  const path = join(keyDirectory, DOORS_MARKED)
  const { size } = await ledger.head()
  if (existsSync(path) && Number(readFileSync(path, 'utf8')) <= size) return 0
  const marked = await commitWith(db, ledger, (trx, append) => staff.doors.markThoseFromBefore(trx, append))
  // After the commit: a crash in between finds nothing left to mark.
  writeDurably(keyDirectory, DOORS_MARKED, `${(await ledger.head()).size}\n`)
  return marked
}
