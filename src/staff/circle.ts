import type { Circle } from './policy.ts'

/** Whose numbers are too close: asked before a contact opens and again before a grant. */
export interface Circles {
  /**
   * How the customer `subject` (pseudonym, 32 hex digits) stands to `staffId`. Own, household and declared
   * before colleague: the closer tie decides.
   */
  circleOf(staffId: string, subject: string): Promise<Circle>
}
