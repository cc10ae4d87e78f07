import type { Opening } from '../../../src/incident/opening.ts'
import type {
  ActAsked,
  BoardLineData,
  BoardViewData,
  ClockViewData,
  ExposureViewData,
  IncidentViewData,
} from '../../../src/incident/schemas.ts'
import { ask, send } from './client.ts'

export type Incident = IncidentViewData
export type IncidentLine = BoardLineData
export type IncidentClock = ClockViewData
export type IncidentAct = ActAsked
export type Exposure = ExposureViewData
export type IncidentOpening = Opening

const one = (id: string): string => `/api/incidents/${encodeURIComponent(id)}`

/** Cases of records that left the house. */
export const incidents = {
  board: () => ask<BoardViewData>('/api/incidents'),
  get: (id: string) => ask<Incident>(one(id)),
  open: (asked: IncidentOpening) => send<{ id: string; serial: string }>('/api/incidents', asked),
  act: (id: string, act: IncidentAct) => send<Incident>(`${one(id)}/steps`, act),
  approve: (id: string, further: boolean, says: string) =>
    send<Incident>(`${one(id)}/approvals`, { further, says }),
  freeze: (id: string, person: string, says: string) =>
    send<{ sessionsEnded: number }>(`${one(id)}/freezes`, { person, says }),
  exposure: (id: string, asked: { person: string; from: number; until: number }) =>
    send<Exposure>(`${one(id)}/exposures`, asked),
}
