import type { CommunicationAsked, PeopleViewData } from '../../../src/incident/people-schemas.ts'
import { ask, fetchFile, send } from './client.ts'

export type CasePeople = PeopleViewData
export type CaseNotice = PeopleViewData['notices'][number]
export type CaseRepresentation = PeopleViewData['representations'][number]
export type { CommunicationAsked }

const one = (id: string): string => `/api/incidents/${encodeURIComponent(id)}`

/** Who is written to in a case, what laws want said, and who speaks for the customer. */
export const casePeople = {
  get: (id: string) => ask<CasePeople>(`${one(id)}/people`),
  say: (id: string, asked: CommunicationAsked) => send(`${one(id)}/communications`, asked),
  draft: (id: string, clock: string, language: 'en' | 'my') =>
    send(`${one(id)}/notice-drafts`, { clock, language }),
  write: (id: string, clock: string, texts: Record<string, string>) =>
    send(`${one(id)}/notice-texts`, { clock, texts }),
  sendNotice: (id: string, asked: { clock: string; via: string; name: string; says: string }) =>
    send(`${one(id)}/notice-sendings`, asked),
  represent: (id: string, asked: object) => send<{ link: string }>(`${one(id)}/representations`, asked),
  deed: (id: string, representation: string) =>
    fetchFile(`${one(id)}/representations/${encodeURIComponent(representation)}/deed`, undefined),
  endRepresentation: (id: string, representation: string, says: string) =>
    send(`${one(id)}/representation-endings`, { representation, says }),
}
