import { openShownLooks, type ShownLook } from '../care/shown.ts'
import type { StoredEntry } from '../ledger/entry.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Subject } from '../vault/subject.ts'
import type { Shown } from './evidence.ts'
import type { TraceParties } from './parties.ts'
import { readPage, readUnmasked } from './renderings.ts'
import type { SourceData } from './schemas.ts'
import type { Look } from './trace-list.ts'

/**
 * Everything that was ever shown of one log before a list surfaced: looks as they stood on the screen, rows in full,
 * statements, her own downloads, packages that an authority was given. What a look showed is held against what the ledger says it showed: a rendering whose
 * commitment is in no disclosure entry stops the trace.
 */
export interface Gathered {
  readonly shown: readonly ShownLook[]
  readonly looks: readonly Look[]
  readonly sources: readonly SourceData[]
}

export type GatherFault = 'rendering-not-committed'

const PAGE = 500

/** Gathers it. The entry that begins the trace is in the ledger already. */
export async function gatherShown(
  parties: TraceParties,
  of: { subject: Subject; tenure: string; before: number },
): Promise<Gathered> {
  const shown = await openShownLooks(parties.db, parties.keys.sealer, of)
  const entries = await entriesAbout(parties, of)
  const commitments = new Map(
    entries.flatMap((entry) =>
      entry.kind === 'disclosure' && typeof entry.body?.rendering === 'string'
        ? [[entry.id as string, entry.body.rendering] as const]
        : [],
    ),
  )
  for (const { renderings } of shown)
    for (const { entry, commitment } of renderings)
      if (commitments.get(entry) !== commitment)
        throw new CodedError<GatherFault>(
          'rendering-not-committed',
          'what a look showed is not what its entry in the ledger commits to',
        )
  const given = await packagesOf(parties, of.tenure, of.before)
  const looks = shown.map((look): Look => ({ id: look.id, agent: look.staff, shown: shownRows(look) }))
  return {
    shown,
    // A look that opened the totals only has shown no row, so no list can be from it.
    looks: looks.filter((look) => look.shown.size > 0),
    sources: [...unmaskedRows(shown), ...sourcesIn(entries), ...given].sort((a, b) => a.at - b.at),
  }
}

async function entriesAbout(
  { ledger }: TraceParties,
  of: { subject: Subject; before: number },
): Promise<StoredEntry[]> {
  await ledger.sequence()
  const all: StoredEntry[] = []
  for (let before: number | undefined; ; ) {
    const page = await ledger.entriesAbout(of.subject, {
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    })
    all.push(...page.filter(({ at }) => at < of.before))
    before = page.at(-1)?.index
    if (page.length < PAGE || before === undefined) return all
  }
}

/** The rows of all pages of a look; a page shown twice shows the same. */
function shownRows(look: ShownLook): Map<string, Shown> {
  const rows = new Map<string, Shown>()
  for (const { text } of look.renderings)
    for (const [name, shown] of readPage(text) ?? []) rows.set(name, shown)
  return rows
}

function unmaskedRows(shown: readonly ShownLook[]): SourceData[] {
  return shown.flatMap((look) =>
    look.renderings.flatMap(({ text, at }): SourceData[] =>
      readUnmasked(text) === null
        ? []
        : [{ kind: 'unmasked', at, deskName: look.deskName, month: look.month, rows: 1 }],
    ),
  )
}

/** Packages that were handed to an authority with rows of this log in them. */
async function packagesOf(
  { packages, offsetMinutes }: TraceParties,
  tenure: string,
  before: number,
): Promise<SourceData[]> {
  const given = await packages.delivered(tenure)
  return given
    .filter(({ at }) => at < before)
    .map(({ serial, at, from, rows }): SourceData => {
      const month = new Date(from * 1000 + offsetMinutes * 60_000).toISOString().slice(0, 7)
      return { kind: 'package', at, deskName: null, month, rows, ref: serial }
    })
}

/** Full copies that left on purpose: her own, and statements sent to her. */
function sourcesIn(entries: readonly StoredEntry[]): SourceData[] {
  return entries.flatMap(({ kind, body, at }): SourceData[] => {
    if (body === null) return []
    const month = typeof body.month === 'string' ? body.month : null
    const deskName = typeof body.deskName === 'string' ? body.deskName : null
    const rows = typeof body.rowsTotal === 'number' ? body.rowsTotal : 0
    if (kind === 'own-records' && (body.what === 'calls' || body.what === 'download'))
      return [{ kind: 'own-copy', at, deskName: null, month, rows: 0 }]
    if (kind === 'disclosure' && body.of === 'statement')
      return [{ kind: 'statement', at, deskName, month, rows }]
    return []
  })
}
