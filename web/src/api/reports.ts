import type { ReportViewData } from '../../../src/customers/report-routes.ts'
import { ask, send } from './client.ts'

export type Report = ReportViewData
export type ReportState = Report['state']
export type Finding = NonNullable<Report['answer']>['finding']

const one = (id: string): string => `/api/reports/${encodeURIComponent(id)}`

/** Customers' reports "that was not me"; nothing in them says whose number it is. */
export const reports = {
  list: (state?: ReportState) =>
    ask<{ reports: Report[] }>(`/api/reports${state === undefined ? '' : `?state=${state}`}`),
  get: (id: string) => ask<Report>(one(id)),
  take: (id: string) => send<Report>(`${one(id)}/taking`),
  answer: (id: string, finding: Finding, says: string) =>
    send<Report>(`${one(id)}/answer`, { finding, says }),
}
