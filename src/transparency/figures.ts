import type { Header } from '../ledger/entry.ts'

/**
 * The figures of a report, counted from entries' headers and from nothing else, so that anyone who has the headers
 * counts the same. Receipts are counted on the day of receipt, outcomes on the day they were decided or delivered,
 * looks on the day they ended.
 */

export interface Row {
  /** A category or an authority, as the header names it. */
  readonly id: string
  readonly received: number
  readonly complied: number
  readonly refused: number
  readonly medianHours: number | null
}

export interface Figures {
  readonly received: number
  readonly numbersNamed: number
  readonly misdirected: number
  readonly passedFilter: number
  readonly refusedByFilter: number
  readonly returned: number
  readonly refused: number
  readonly refusedByGround: Readonly<Record<string, number>>
  readonly compliedInFull: number
  readonly compliedInPart: number
  readonly compliedNoData: number
  readonly withdrawn: number
  readonly expired: number
  readonly underDuress: number
  readonly preserved: number
  readonly numbersDisclosed: number
  readonly daysDisclosed: number
  readonly rowsDisclosed: number
  readonly emergencies: number
  readonly emergenciesUnratified: number
  readonly emergenciesConfirmed: number
  readonly emergenciesNotConfirmed: number
  readonly medianHours: number | null
  readonly answeredLate: number
  readonly customersTold: number
  /** Secrecies that were renewed, and that ended with the customer told. */
  readonly secrecyRenewed: number
  readonly secrecyEnded: number
  readonly byCategory: readonly Row[]
  readonly byAuthority: readonly Row[]
  readonly customers: number | null
  readonly looksWithContact: number
  readonly looksWithout: number
  readonly looksByWeek: readonly {
    readonly week: string
    readonly withContact: number
    readonly without: number
  }[]
  readonly refusedLooks: number
  readonly notMe: number
  readonly notMeFounded: number
  readonly incidents: number
  /** Versions of the operator's own rules that came into force; absent where none did. */
  readonly ruleChanges?: readonly RuleVersion[]
}

/** A version of the rules, with what changed and what its approvers were shown. */
export interface RuleVersion {
  readonly version: number
  readonly day: string
  readonly approvals: number
  readonly decisions: number
  readonly wouldRefuse: number
  readonly wouldAllow: number
  /** By rule; a yes is 1, a no is 0, and what the jurisdiction says is null. */
  readonly changes: readonly {
    readonly rule: string
    readonly before: number | null
    readonly after: number | null
  }[]
}

/** Counts headers, in any order. */
export function countFigures(headers: readonly Header[]): Figures {
  const of = (kind: string): Header[] => headers.filter((header) => header.kind === kind)
  const outcome = (kind: string, name: string): number => of(kind).filter((h) => h.outcome === name).length
  const received = of('request-received')
  const delivered = of('request-delivered')
  const decided = of('request-decided')
  const refused = decided.filter((header) => header.outcome?.startsWith('refused-'))
  const looks = of('grant-ended').filter((header) => (header.counts?.opened ?? 0) > 0)
  const byDay = (a: Header, b: Header): number => (a.day < b.day ? -1 : 1)
  const customers = of('customers-counted').sort(byDay).at(-1)?.counts?.customers ?? null
  return {
    received: received.length,
    numbersNamed: sum(received, 'numbers'),
    misdirected: of('request-misdirected').length,
    passedFilter: outcome('request-filtered', 'passed'),
    refusedByFilter: outcome('request-filtered', 'refused'),
    returned: of('request-returned').length,
    refused: refused.length,
    refusedByGround: tally(refused.map((header) => header.outcome!.slice('refused-'.length))),
    compliedInFull: outcome('request-delivered', 'full'),
    compliedInPart: outcome('request-delivered', 'part'),
    compliedNoData: outcome('request-delivered', 'no-data'),
    withdrawn: of('request-withdrawn').length,
    expired: of('request-expired').length,
    underDuress: of('request-duress').length + of('duress').length,
    preserved: outcome('request-closed', 'preserved'),
    numbersDisclosed: sum(delivered, 'numbers'),
    daysDisclosed: sum(delivered, 'days'),
    rowsDisclosed: sum(delivered, 'rows'),
    emergencies: outcome('request-received', 'emergency'),
    emergenciesUnratified: of('emergency-unratified').length,
    emergenciesConfirmed: outcome('emergency-reviewed', 'confirmed'),
    emergenciesNotConfirmed: outcome('emergency-reviewed', 'not-confirmed'),
    medianHours: median([...delivered, ...refused]),
    answeredLate: outcome('deadline-passed', 'answer-late'),
    customersTold: of('authority-disclosure').filter((header) => header.outcome === 'told').length,
    secrecyRenewed: of('secrecy-renewed').length,
    secrecyEnded: of('secrecy-ended').length,
    byCategory: rows(received, delivered, refused, (header) => header.category ?? 'unlisted'),
    byAuthority: rows(received, delivered, refused, (header) => header.office ?? 'unknown'),
    customers,
    looksWithContact: looks.filter((header) => header.withContact).length,
    looksWithout: looks.filter((header) => !header.withContact).length,
    looksByWeek: weeks(looks),
    refusedLooks: of('care-refusal').length,
    notMe: of('report-filed').filter((header) => header.category === 'not-me').length,
    notMeFounded: outcome('report-answered', 'founded'),
    incidents: of('incident-opened').length,
    ...ruleChanges(of('verification-policy')),
  }
}

/** Versions from before headers said what changed are left out: a report of that time did not count them. */
function ruleChanges(headers: readonly Header[]): Pick<Figures, 'ruleChanges'> {
  const versions = headers
    .map(({ day, counts }) => ({ day, counts: counts ?? {} }))
    .filter(({ counts }) => (counts.approvals ?? 0) > 0)
    .map(({ day, counts }): RuleVersion => {
      const names = Object.keys(counts).flatMap((name) => /^(?:before|after)\.(.+)$/.exec(name)?.[1] ?? [])
      return {
        version: counts.version ?? 0,
        day,
        approvals: counts.approvals ?? 0,
        decisions: counts.decisions ?? 0,
        wouldRefuse: counts.wouldRefuse ?? 0,
        wouldAllow: counts.wouldAllow ?? 0,
        changes: [...new Set(names)].sort().map((rule) => ({
          rule,
          before: counts[`before.${rule}`] ?? null,
          after: counts[`after.${rule}`] ?? null,
        })),
      }
    })
    .sort((a, b) => a.version - b.version)
  return versions.length === 0 ? {} : { ruleChanges: versions }
}

/** All that were complied with. */
export function complied(figures: Figures): number {
  return figures.compliedInFull + figures.compliedInPart + figures.compliedNoData
}

/** Looks a thousand customers; null while nobody has counted the customers. */
export function looksPerThousand(
  figures: Figures,
  which: 'looksWithContact' | 'looksWithout',
): number | null {
  return figures.customers === null || figures.customers === 0
    ? null
    : (figures[which] * 1000) / figures.customers
}

function rows(
  received: readonly Header[],
  delivered: readonly Header[],
  refused: readonly Header[],
  idOf: (header: Header) => string,
): Row[] {
  const ids = [...new Set([...received, ...delivered, ...refused].map(idOf))].sort()
  const those = (list: readonly Header[], id: string): Header[] =>
    list.filter((header) => idOf(header) === id)
  return ids.map((id) => ({
    id,
    received: those(received, id).length,
    complied: those(delivered, id).length,
    refused: those(refused, id).length,
    medianHours: median([...those(delivered, id), ...those(refused, id)]),
  }))
}

function sum(headers: readonly Header[], name: string): number {
  return headers.reduce((total, header) => total + (header.counts?.[name] ?? 0), 0)
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

function median(headers: readonly Header[]): number | null {
  const hours = headers
    .flatMap(({ elapsedHours }) => (elapsedHours === undefined ? [] : [elapsedHours]))
    .sort((a, b) => a - b)
  if (hours.length === 0) return null
  const middle = hours.length >> 1
  return hours.length % 2 === 1 ? hours[middle]! : (hours[middle - 1]! + hours[middle]!) / 2
}

function weeks(looks: readonly Header[]): Figures['looksByWeek'] {
  const byWeek = Map.groupBy(looks, (header) => mondayOf(header.day))
  return [...byWeek]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([week, list]) => ({
      week,
      withContact: list.filter((header) => header.withContact).length,
      without: list.filter((header) => !header.withContact).length,
    }))
}

function mondayOf(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`)
  const weekday = (new Date(at).getUTCDay() + 6) % 7
  return new Date(at - weekday * 86_400_000).toISOString().slice(0, 10)
}
