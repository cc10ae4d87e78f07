import type { EntryId } from '../ledger/entry.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { CodedError } from '../platform/coded-error.ts'

/**
 * Where entries stand in the log, in their order. One whose change was committed a moment ago by somebody else may still
 * wait for its index: then the sequencer is asked, once, and it has one.
 * @throws CodedError `entry-unknown` for what is in no committed change
 */
export async function indexesOf(
  ledger: Pick<Ledger, 'indexOf' | 'sequence'>,
  ids: readonly string[],
): Promise<number[]> {
  const all = () => Promise.all(ids.map((id) => ledger.indexOf(id as EntryId)))
  try {
    return await all()
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'entry-unknown') throw error
    await ledger.sequence()
    return all()
  }
}
