import type { Step } from '../platform/pipeline.ts'
import type { EntryId } from './entry.ts'
import type { SealedEntry } from './sealed-entry.ts'

/**
 * How another room writes what belongs to an entry in the transaction that brings the entry into the tree: both or
 * neither (promise 2), for one commit.
 */
export interface BesideWriter<T> {
  /** The statements that write all of these, whatever they are of; a batch has those of many callers. */
  steps(items: readonly (T & { readonly entry: EntryId })[]): readonly Step[]
}

/** One item on its way into a batch, and who writes it. */
export interface Beside {
  readonly writer: BesideWriter<never>
  readonly item: object
}

/** What those who wait for one batch write beside their entries, each writer asked once. */
export function stepsBeside(
  waiting: readonly { readonly entry: SealedEntry; readonly beside: Beside | null }[],
): readonly Step[] {
  const byWriter = new Map<BesideWriter<never>, object[]>()
  for (const { entry, beside } of waiting) {
    if (beside === null) continue
    const item = { ...beside.item, entry: entry.id }
    const items = byWriter.get(beside.writer)
    if (items === undefined) byWriter.set(beside.writer, [item])
    else items.push(item)
  }
  return [...byWriter].flatMap(([writer, items]) => writer.steps(items as never[]))
}
