import type { IntakeOverview } from '../../../src/intake/overview.ts'
import { ask } from './client.ts'

export type { IntakeOverview }

/** What came in, how fast, and what waits. */
export const intake = {
  overview: () => ask<IntakeOverview>('/api/intake'),
}
