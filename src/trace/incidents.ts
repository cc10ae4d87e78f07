import type { Subject } from '../vault/subject.ts'

/**
 * What a trace has to know of the incident that it is made for. The incident room stands above this one and hands
 * these facts in; Cedar decides over them.
 */
export interface Incident {
  readonly id: string
  /** As people name it: `2026-09-014`. */
  readonly serial: string
  /** Reported or later, and not closed. */
  readonly open: boolean
  /** Found to be a breach: what a leak path needs. */
  readonly confirmed: boolean
  /** Staff ids of those it is about: they trace nothing in it. */
  readonly involved: readonly string[]
  /** Whose log it is about, where that is known. */
  readonly subject: { readonly subject: Subject; readonly tenure: string } | null
  /** When the list surfaced (ms): what was shown later did not leak in it. Null while unknown. */
  readonly surfacedAt: number | null
  /** Staff ids of those who allowed a leak path to be searched for, and of those who allowed more logs for it. */
  readonly pathApprovals: readonly string[]
  readonly morePathApprovals: readonly string[]
}

/** Where incidents are looked up. */
export interface Incidents {
  /** The incident by its id or its serial, or null when there is none. */
  find(name: string): Promise<Incident | null>
}
