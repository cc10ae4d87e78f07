import type { AlertCardData, AlertLineData, OwnLooksData, WatchViewData } from '../../../src/watch/schemas.ts'
import { ask, send } from './client.ts'

export type AlertLine = AlertLineData
export type AlertCard = AlertCardData
export type WatchView = WatchViewData
export type OwnLooks = OwnLooksData
export type Verdict = 'fine' | 'coaching' | 'incident'

const one = (id: string): string => `/api/watch/alerts/${encodeURIComponent(id)}`

/** Looks worth a question. Opening a card is recorded, so it is sent and not asked. */
export const watch = {
  view: () => ask<WatchView>('/api/watch'),
  open: (id: string) => send<AlertCard>(`${one(id)}/opening`),
  judge: (id: string, verdict: Verdict, says: string) =>
    send<{ state: 'proposed' | 'settled' }>(`${one(id)}/verdict`, { verdict, says }),
  switchOffice: (to: 'off' | 'on', office: string, reason: string) =>
    send<{ done: true }>(`/api/watch/${to}`, { office, reason }),
  own: () => ask<OwnLooks>('/api/watch/own'),
  answer: (look: string, says: string) =>
    send<{ done: true }>(`/api/watch/own/${encodeURIComponent(look)}`, { says }),
}
