import type {
  EmploymentAsked,
  EmploymentsViewData,
  EmploymentViewData,
} from '../../../src/incident/employment-schemas.ts'
import { ask, send } from './client.ts'

export type Employment = EmploymentViewData
export type EmploymentStep = EmploymentAsked

/** What becomes of the employment of those a case is about. */
export const employments = {
  list: () => ask<EmploymentsViewData>('/api/employments'),
  act: ({ incident, person }: Employment, step: EmploymentStep) =>
    send<Employment>(
      `/api/employments/${encodeURIComponent(incident)}/people/${encodeURIComponent(person.staff)}/steps`,
      step,
    ),
}
