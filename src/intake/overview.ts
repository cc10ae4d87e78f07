/** A file as the page shows it. */
export interface IntakeFileView {
  readonly name: string
  readonly size: number
  readonly outcome: 'done' | 'failed'
  readonly reason: string | null
  readonly read: number
  readonly filed: number
  readonly duplicate: number
  readonly quarantined: number
  readonly finishedAt: number
  /** From when its writer finished it until it was on record. */
  readonly lagSeconds: number
}

export interface IntakeOverview {
  readonly watching: boolean
  readonly waiting: { readonly files: number; readonly bytes: number; readonly oldestSeconds: number }
  /** The last 24 hours. */
  readonly day: {
    readonly files: number
    readonly failed: number
    readonly read: number
    readonly filed: number
    readonly longestLagSeconds: number
  }
  /** Records a second over the last hour's files, from the first taken to the last finished. */
  readonly recordsPerSecond: number
  readonly quarantined: number
  readonly files: readonly IntakeFileView[]
  readonly streams: readonly IntakeStreamRow[]
}

/** What came by a stream so far. */
export interface IntakeStreamRow {
  readonly name: string
  readonly read: number
  readonly filed: number
  readonly duplicate: number
  readonly quarantined: number
  readonly latestAt: number
}
