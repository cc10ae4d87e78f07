import { localStart } from '../care/period.ts'
import type { ShownLook } from '../care/shown.ts'
import type { Match } from './align.ts'
import { HIDDEN, type PartySeen } from './cells.ts'
import type { Shown } from './evidence.ts'
import type { ListRow } from './read-list.ts'
import { breakEvenPrior, namingThreshold } from './rules.ts'
import { sayVerdict } from './say.ts'
import type { RivalData, TraceRowData, TraceViewData } from './schemas.ts'
import type { Look, Traced } from './trace-list.ts'
import type { WeighedLook } from './weigh.ts'

/** A trace as it is shown, kept and printed: pure, from the reckoning and the facts of the looks. */

export interface ViewFacts {
  readonly traced: Traced
  readonly list: {
    readonly rows: readonly ListRow[]
    readonly unread: readonly number[]
    readonly lines: readonly string[]
    readonly reading: TraceViewData['reading']
  }
  readonly looks: readonly Look[]
  readonly shown: readonly ShownLook[]
  readonly offsetMinutes: number
  readonly foundAt: number
  readonly subject: TraceViewData['how']['subject']
  readonly logsOpened: number
  readonly sources: readonly TraceViewData['sources'][number][]
}

/** Everything of the view but what is known only when it is written down. */
export type TraceFindings = Omit<
  TraceViewData,
  'id' | 'incident' | 'serial' | 'at' | 'listDigest' | 'begunEntry' | 'answeredEntry' | 'keysCommittedEntry'
>

const MOST_RIVALS = 12

/** Makes the view. */
export function findingsOf(facts: ViewFacts): TraceFindings {
  const { traced, list } = facts
  const { alignment, observed, weighed, verdict } = traced
  const best = weighed.looks[0]
  const byId = new Map(facts.shown.map((look) => [look.id, look]))
  const rows = rowsOf(facts, best)
  const agentName = (agent: string) => facts.shown.find(({ staff }) => staff === agent)?.deskName ?? agent
  const said = sayVerdict({
    verdict,
    look: (id) => {
      const look = byId.get(id)
      return look === undefined ? null : { deskName: look.deskName, at: look.grantedAt }
    },
    agentName,
    offsetMinutes: facts.offsetMinutes,
    rows: alignment.matches.length,
    fits: rows.filter(({ says }) => says === 'fits').length,
    among: weighed.among,
    log10E: best?.log10E ?? null,
    withFullNumber: observed.withFullNumber,
  })
  const named = verdict.kind === 'named' ? verdict.named : []
  return {
    ...said,
    verdict: verdict.kind,
    why: verdict.kind === 'cannot-tell' ? verdict.why : null,
    combined: verdict.kind === 'named' && verdict.combined,
    named: named.map(({ agent, looks, log10E }) => ({
      staff: agent,
      deskName: agentName(agent),
      looks: [...looks],
      log10E: round(log10E),
    })),
    list: linesOf(facts),
    reading: { ...list.reading, columns: [...list.reading.columns] },
    how: howOf(facts),
    rows,
    rivals: rivalsOf(facts, byId, new Set(named.flatMap(({ looks }) => looks))),
    threshold: round(namingThreshold(weighed.among)),
    among: weighed.among,
    posteriors: traced.posteriors.map(({ prior, outside, mixed, agents }) => ({
      prior,
      outside: probability(outside),
      mixed: probability(mixed),
      best: probability(best === undefined ? 0 : (agents[best.agent] ?? 0)),
    })),
    breakEven: best === undefined ? null : probability(breakEvenPrior(best.log10Likelihood, weighed.among)),
    sources: [...facts.sources],
    circumstances: circumstancesOf(facts, best === undefined ? undefined : byId.get(best.id)),
  }
}

function linesOf({ list, traced }: ViewFacts): TraceViewData['list'] {
  const { matches, doubled, strangers } = traced.alignment
  const found = new Map<number, TraceViewData['list'][number]['found']>([
    ...matches.map(({ row }) => [row.line, 'matched'] as const),
    ...doubled.map(({ line }) => [line, 'doubled'] as const),
    ...strangers.map(({ line }) => [line, 'stranger'] as const),
  ])
  return list.lines.map((text, at) => ({ line: at + 1, text, found: found.get(at + 1) ?? 'unread' }))
}

function howOf(facts: ViewFacts): TraceViewData['how'] {
  const { alignment, observed } = facts.traced
  return {
    rows: facts.list.rows.length,
    matched: alignment.matches.length,
    doubled: alignment.doubled.length,
    strangers: alignment.strangers.length,
    withDigits: observed.withDigits,
    withFullNumber: observed.withFullNumber,
    errors: round(observed.errors),
    seconds: observed.channels.seconds,
    exact: observed.channels.exact,
    ...alignment.settled,
    subject: facts.subject,
    logsOpened: facts.logsOpened,
    parties: new Set(alignment.matches.map(({ record }) => record.party)).size,
  }
}

/** The matched rows, as the list has them and as the best look shows them. */
function rowsOf(facts: ViewFacts, best: WeighedLook | undefined): TraceRowData[] {
  const own = facts.looks.find(({ id }) => id === best?.id)
  return facts.traced.alignment.matches.map((match, i) => {
    const { day, minute } = localStart(match.record.start, facts.offsetMinutes)
    const shown = own?.shown.get(match.record.name)
    const inLook = shownText(match, shown)
    const inList = partyText(match.row.party)
    const others = facts.looks.filter(({ id, shown }) => id !== best?.id && shown.has(match.record.name))
    return {
      line: match.row.line,
      day,
      time: minute,
      inList,
      inLook,
      says: saysOf(match.row.party, shown, inLook),
      othersFit: others.filter(({ shown }) =>
        fits(match.row.party, shownText(match, shown.get(match.record.name))),
      ).length,
      others: others.length,
      factor: round(best?.factors[i] ?? 1),
    }
  })
}

function saysOf(
  party: PartySeen | null,
  shown: Shown | undefined,
  inLook: string | null,
): TraceRowData['says'] {
  if (shown === undefined) return 'not-shown'
  if (party === null || (party.kind !== 'masked' && party.kind !== 'loose') || inLook === null)
    return 'no-digits'
  return fits(party, inLook) ? 'fits' : 'misread'
}

function fits(party: PartySeen | null, inLook: string | null): boolean {
  if (party === null || inLook === null) return false
  if (party.kind === 'masked') return party.patterns.includes(inLook)
  return party.kind === 'loose' && party.digits === inLook.replaceAll(HIDDEN, '')
}

function shownText({ record }: Match, shown: Shown | undefined): string | null {
  const { digits } = record
  if (shown === undefined || shown.places === null || digits === null) return null
  const { places } = shown
  return Array.from(digits, (digit, i) => ((places >> i) & 1 ? digit : HIDDEN)).join('')
}

function partyText(party: PartySeen | null): string {
  switch (party?.kind) {
    case 'masked':
      return party.patterns[0] as string
    case 'loose':
      return party.digits
    case 'full':
      return `${HIDDEN.repeat(5)} in full`
    default:
      return ''
  }
}

/** Every way in which the list could have left, best first: looks, two of them mixed, and paths outside. */
function rivalsOf(
  { traced }: ViewFacts,
  byId: ReadonlyMap<string, ShownLook>,
  named: ReadonlySet<string>,
): RivalData[] {
  const { weighed } = traced
  const looks = weighed.looks.slice(0, MOST_RIVALS).map((look): RivalData => {
    const shown = byId.get(look.id)
    return {
      what: 'look',
      look: look.id,
      deskName: shown?.deskName ?? null,
      office: shown?.office ?? null,
      at: shown?.grantedAt ?? null,
      log10: finite(look.log10E),
      named: named.has(look.id),
    }
  })
  const other = (what: RivalData['what'], log10: number): RivalData => ({
    what,
    look: null,
    deskName: null,
    office: null,
    at: null,
    log10: finite(log10),
    named: false,
  })
  return [
    ...looks,
    other('mixed', weighed.log10Mixed),
    other('imitation', weighed.log10Imitation),
    other('outside', 0),
  ]
}

function circumstancesOf(facts: ViewFacts, look: ShownLook | undefined): TraceViewData['circumstances'] {
  if (look === undefined) return null
  return {
    confirmedByTelephony: look.confirmed,
    brokenGlass: look.brokenGlass,
    channel: look.channel,
    daysBefore: Math.max(0, Math.floor((facts.foundAt - look.grantedAt) / 86_400_000)),
    minutes: look.endedAt === null ? null : Math.round((look.endedAt - look.grantedAt) / 60_000),
    rowsShown: look.rowsShown,
    answering: look.answering,
    rowsTotal: look.rowsTotal,
  }
}

function finite(n: number): number | null {
  return Number.isFinite(n) ? round(n) : null
}

function round(n: number): number {
  return Number(n.toFixed(3))
}

/** Chances keep their small ends: 0.999999999 is not 1. */
function probability(p: number): number {
  return Number(p.toPrecision(12))
}
