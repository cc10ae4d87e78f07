import type { Static } from 'typebox'
import type * as Look from '../../../src/care/look-schemas.ts'
import type * as Care from '../../../src/care/schemas.ts'
import { ask, send } from './client.ts'

export type Contact = Static<typeof Care.ContactView>
export type Grant = Static<typeof Care.GrantView>
export type Rung = Static<typeof Care.RungView>
export type FactorChoice = Static<typeof Care.FactorChoiceView>
export type LiveCall = Static<typeof Care.LiveCallView>
export type Bill = Static<typeof Look.BillView>
export type Rows = Static<typeof Look.RowsView>
export type Row = Static<typeof Look.RowView>
export type Match = Static<typeof Look.MatchView>
export type Unmasked = Static<typeof Look.UnmaskedView>
export type ContactLine = Static<typeof Look.ContactLine>
export type Day = Static<typeof Look.DayView>
export type Team = Static<typeof Look.TeamView>
export type Approval = Static<typeof Look.ApprovalView>
export type BrokenGlass = Static<typeof Look.BreakGlassView>

const contact = (id: string): string => `/api/care/contacts/${encodeURIComponent(id)}`
const grant = (id: string): string => `/api/care/grants/${encodeURIComponent(id)}`

/** The care desk's API, one function a route; what each takes and gives is in `src/care/schemas.ts`. */
export const care = {
  calls: () => ask<Static<typeof Care.CallsView>>('/api/care/calls'),
  contacts: () => ask<Static<typeof Look.ContactsView>>('/api/care/contacts'),
  contact: (id: string) => ask<Contact>(contact(id)),
  open: (body: Static<typeof Care.OpenContactBody>) => send<Contact>('/api/care/contacts', body),
  startFactor: (id: string, factor: Care.Factor, body: Static<typeof Care.StartFactorBody> = {}) =>
    send<Static<typeof Look.FactorStartedView>>(`${contact(id)}/factors/${factor}`, body),
  answerFactor: (id: string, factor: Care.Factor, body: Static<typeof Care.AnswerFactorBody>) =>
    send<Static<typeof Look.FactorAnsweredView>>(`${contact(id)}/factors/${factor}/answer`, body),
  look: (id: string, body: Static<typeof Care.GrantBody>) => send<Grant>(`${contact(id)}/grants`, body),
  askForKey: (id: string, body: Static<typeof Care.GrantBody>) =>
    send<Contact>(`${contact(id)}/key-asks`, body),
  offerKey: (id: string) => send<Contact>(`${contact(id)}/key-offers`, {}),
  grant: (id: string) => ask<Grant>(grant(id)),
  bill: (id: string) => send<Bill>(`${grant(id)}/bill`),
  rows: (id: string, page: number) => send<Rows>(`${grant(id)}/rows`, { page }),
  match: (id: string, body: Static<typeof Care.MatchBody>) => send<Match>(`${grant(id)}/matches`, body),
  statement: (id: string, body: Static<typeof Care.StatementBody>) =>
    send<Static<typeof Look.StatementSentView>>(`${grant(id)}/statement`, body),
  unmask: (id: string, row: string) =>
    send<Static<typeof Look.UnmaskSentView>>(`${grant(id)}/unmask`, { row }),
  unmaskAnswer: (id: string, row: string, code: string) =>
    send<Unmasked>(`${grant(id)}/unmask/answer`, { row, code }),
  close: (id: string, body: Static<typeof Care.ClosingBody>) => send<Contact>(`${contact(id)}/closing`, body),
  breakGlass: (body: Static<typeof Care.BreakGlassBody>) =>
    send<Static<typeof Look.BrokenGlassOpened>>('/api/care/break-glass', body),
  justify: (id: string, justification: string) =>
    send<unknown>(`/api/care/break-glass/${id}/justification`, { justification }),
  review: (id: string, body: Static<typeof Care.ReviewBody>) =>
    send<unknown>(`/api/care/break-glass/${id}/review`, body),
  day: () => ask<Day>('/api/care/day'),
  team: () => ask<Team>('/api/care/team'),
  decide: (id: string, body: Static<typeof Care.ApprovalBody>) =>
    send<unknown>(`/api/care/approvals/${id}`, body),
}
