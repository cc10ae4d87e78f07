import type { Db, Trx } from '../platform/database.ts'
import type { EntryDraft, EntryId } from './entry.ts'
import type { Ledger } from './ledger.ts'

/** Appends an entry to the transaction under way. */
export type Append = (draft: EntryDraft) => Promise<EntryId>

/**
 * Runs `change` in one transaction with the entries it appends (promise 2: both or neither), commits, and
 * resolves when those entries are in the tree under a signed checkpoint.
 */
export async function commitWith<T>(
  db: Db,
  ledger: Ledger,
  change: (trx: Trx, append: Append) => Promise<T>,
): Promise<T> {
  const ids: EntryId[] = []
  const result = await db.transaction().execute((trx) =>
    change(trx, async (draft) => {
      const id = await ledger.append(trx, draft)
      ids.push(id)
      return id
    }),
  )
  if (ids.length > 0) await ledger.sequence(ids)
  return result
}
