import type { ErasureView } from '../../../src/erasure/desk.ts'
import type { Holding } from '../../../src/erasure/rules.ts'
import { ask, send } from './client.ts'

export type { ErasureView, Holding }

/** Erasing one holder's log: one officer proposes, another approves. */
export const erasures = {
  list: () => ask<{ erasures: ErasureView[] }>('/api/erasures'),
  holdings: (number: string) => send<{ holdings: Holding[] }>('/api/erasures/holdings', { number }),
  propose: (body: { number: string; tenure: string; reason: string }) =>
    send<{ id: string }>('/api/erasures', body),
  approve: (id: string) => send<{ finalOn: string }>(`/api/erasures/${id}/approval`),
  decline: (id: string, reason: string) => send<{ id: string }>(`/api/erasures/${id}/decline`, { reason }),
}
