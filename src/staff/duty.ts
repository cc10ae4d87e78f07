import type { OfficeId, Role } from './staff.ts'

/** A colleague as others may be told of: never the session, never the numbers. */
export interface Colleague {
  readonly id: string
  readonly deskName: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly office: OfficeId
  readonly team: string
}

/** Who is at work now. Frozen and dismissed people are never on duty. */
export interface Duty {
  /** Active people of `role` whose shift (or approval for other hours) covers this moment, by desk name. */
  onCall(role: Role, office?: OfficeId): Promise<Colleague[]>
  /** Supervisors on duty whose team is none of `teams`: whom a refused look goes to, whom a second word is asked of. */
  supervisorsOutside(teams: readonly string[]): Promise<Colleague[]>
  /** Anybody by id, whatever their status; null when there is no such person. */
  find(staffId: string): Promise<Colleague | null>
}
