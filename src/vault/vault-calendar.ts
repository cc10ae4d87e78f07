import { CodedError } from '../platform/coded-error.ts'
import { type Calendar, createCalendar } from './calendar.ts'
import { runOn, settleOffset } from './store.ts'
import type { VaultErrorCode, VaultParties } from './vault.ts'

/**
 * The calendar that the database was filed by, settled at first use.
 * @throws CodedError `offset-changed` when `offsetMinutes` is another: blocks would be looked for in wrong months.
 */
export function createVaultCalendar(
  parties: Pick<VaultParties, 'pool' | 'offsetMinutes'>,
): () => Promise<Calendar> {
  const offsetMinutes = parties.offsetMinutes ?? 0
  let settled: Promise<Calendar> | null = null
  const settle = async (): Promise<Calendar> => {
    const stored = await settleOffset(runOn(parties.pool), offsetMinutes)
    if (stored === offsetMinutes) return createCalendar(offsetMinutes)
    throw new CodedError<VaultErrorCode>(
      'offset-changed',
      `this vault counts months ${stored} minutes ahead of UTC, not ${offsetMinutes}: that cannot change`,
    )
  }
  return () => {
    settled ??= settle().catch((cause) => {
      settled = null
      throw cause
    })
    return settled
  }
}
