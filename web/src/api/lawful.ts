import type { DataField, LawfulFrame } from '../../../src/calls/lawful-frame.ts'
import type { CheckAnswer, CheckId } from '../../../src/lawful/checks.ts'
import type { ScopeCounts } from '../../../src/lawful/count.ts'
import type { Encounter } from '../../../src/lawful/encounters.ts'
import type { Answer, Paper, RequestState, Scope } from '../../../src/lawful/request.ts'
import type { FilingInput } from '../../../src/lawful/schemas.ts'
import type { KeyRow } from '../../../src/lawful/store.ts'
import type { BoardLine, DeskView, RegulatorView } from '../../../src/lawful/views.ts'
import { ask, fetchFile, send } from './client.ts'

export type {
  BoardLine,
  CheckAnswer,
  CheckId,
  DataField,
  DeskView,
  Encounter,
  FilingInput,
  KeyRow,
  LawfulFrame,
  Paper,
  RegulatorView,
  RequestState,
  Scope,
  ScopeCounts,
}
export type RulingAnswer = Answer

/** What a request may ask for, in the order in which it is offered. */
export const FIELDS = [
  'time',
  'length',
  'kind',
  'other-number',
  'place',
  'charge',
  'holder',
] as const satisfies readonly DataField[]

const one = (id: string): string => `/api/lawful/requests/${encodeURIComponent(id)}`

/** The operator's desk for requests of authorities. */
export const lawful = {
  frames: () => ask<{ frames: LawfulFrame[] }>('/api/lawful/frames'),
  board: () => ask<{ requests: BoardLine[] }>('/api/lawful/requests'),
  get: (id: string) => ask<DeskView>(one(id)),
  check: (id: string, answers: { check: CheckId; answer: CheckAnswer; reason: string }[]) =>
    send<DeskView>(`${one(id)}/checks`, { answers }),
  giveBack: (id: string, missing: string[], reason: string) =>
    send<DeskView>(`${one(id)}/return`, { missing, reason }),
  rule: (id: string, answer: Answer, reasons: string) =>
    send<DeskView>(`${one(id)}/ruling`, { answer, reasons }),
  second: (id: string, answer: Answer, reasons: string) =>
    send<DeskView>(`${one(id)}/second`, { answer, reasons }),
  count: (id: string, scope: Scope) => send<ScopeCounts>(`${one(id)}/counts`, { scope }),
  produce: (id: string) => send<DeskView>(`${one(id)}/production`),
  release: (id: string) => send<DeskView>(`${one(id)}/release`),
  close: (id: string) => send<DeskView>(`${one(id)}/closing`),
  afterReview: (id: string, finding: 'confirmed' | 'not-confirmed', reasons: string) =>
    send<DeskView>(`${one(id)}/after-review`, { finding, reasons }),
  duress: (id: string, reason: string) => send<DeskView>(`${one(id)}/duress`, { reason }),
  letterAddress: (id: string, digest: string) => `${one(id)}/letters/${digest}`,
  packageAddress: (id: string) => `${one(id)}/package`,
  reopen: (id: string, reason: string) => fetchFile(`${one(id)}/reopening`, { reason }),
  keys: () => ask<{ keys: KeyRow[] }>('/api/lawful/keys'),
  proposeKey: (key: { frame: string; authority: string; recipient: string }) =>
    send<{ keys: KeyRow[] }>('/api/lawful/keys', key),
  confirmKey: (id: string) => send<{ keys: KeyRow[] }>(`/api/lawful/keys/${id}/confirmation`),
  endKey: (id: string) => send<{ keys: KeyRow[] }>(`/api/lawful/keys/${id}/end`),
  encounters: () => ask<{ encounters: Encounter[] }>('/api/lawful/encounters'),
  misdirected: (says: object) => send<Encounter>('/api/lawful/encounters/misdirected', says),
  tookUnderDuress: (says: object) => send<Encounter>('/api/lawful/encounters/duress', says),
  encounterLetter: (id: string) => `/api/lawful/encounters/${id}/letter`,
}

const theirs = (id: string): string => `/api/regulator/requests/${encodeURIComponent(id)}`

/** The regulator's counter. */
export const regulator = {
  queue: () => ask<{ requests: RegulatorView[] }>('/api/regulator/requests'),
  get: (id: string) => ask<RegulatorView>(theirs(id)),
  file: (filing: FilingInput, letter: string | null) =>
    send<RegulatorView>('/api/regulator/requests', { filing, letter }),
  complete: (id: string, filing: FilingInput, letter: string | null) =>
    send<RegulatorView>(`${theirs(id)}/completion`, { filing, letter }),
  take: (id: string) => send<RegulatorView>(`${theirs(id)}/taking`),
  filter: (id: string, body: object) => send<RegulatorView>(`${theirs(id)}/filter`, body),
  acknowledge: (id: string) => send<RegulatorView>(`${theirs(id)}/acknowledgement`),
  withdraw: (id: string, reason: string) => send<RegulatorView>(`${theirs(id)}/withdrawal`, { reason }),
  secrecy: (id: string, until: number, reason: string) =>
    send<RegulatorView>(`${theirs(id)}/secrecy`, { until, reason }),
  extend: (id: string, reason: string) => send<RegulatorView>(`${theirs(id)}/hold`, { reason }),
  paper: (id: string, paper: Paper, letter: string | null) =>
    send<RegulatorView>(`${theirs(id)}/paper`, { paper, letter }),
  packageAddress: (id: string) => `${theirs(id)}/package`,
}
