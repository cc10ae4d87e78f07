import type { PathAsked } from '../../../src/trace/path-desk.ts'
import type { PathViewData } from '../../../src/trace/path-schemas.ts'
import type { ReadingAnswerData, TraceLineData, TraceViewData } from '../../../src/trace/schemas.ts'
import { ask, send } from './client.ts'

export type Trace = TraceViewData
export type TraceLine = TraceLineData
export type ListReading = ReadingAnswerData
export type Reading = ListReading['reading']
export type ColumnRole = Reading['columns'][number]
export type LeakPath = PathViewData
export type Rival = Trace['rivals'][number]

/** A list as it came: pasted text, or a file's bytes in base64. */
export type GivenList = { readonly text: string } | { readonly workbook: string }
export type Correction = { readonly [K in keyof Reading]?: NonNullable<Reading[K]> }

/** Which look a found list came from. Lists and numbers go in bodies, never in addresses. */
export const traces = {
  read: (list: GivenList, correction: Correction) =>
    send<ListReading>('/api/traces/readings', { ...list, correction }),
  trace: (asked: { list: GivenList; correction: Correction; incident: string; subject: string }) =>
    send<Trace>('/api/traces', {
      ...asked.list,
      correction: asked.correction,
      incident: asked.incident,
      ...(asked.subject === '' ? {} : { subject: asked.subject }),
    }),
  get: (id: string) => ask<Trace>(`/api/traces/${encodeURIComponent(id)}`),
  searchPath: (asked: PathAsked) => send<LeakPath>('/api/traces/paths', asked),
  paths: (incident: string) =>
    ask<{ paths: LeakPath[] }>(`/api/traces/paths?incident=${encodeURIComponent(incident)}`),
  ofIncident: (incident: string) =>
    ask<{ traces: TraceLine[] }>(`/api/traces?incident=${encodeURIComponent(incident)}`),
}
