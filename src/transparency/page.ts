import type { LawfulFrame } from '../calls/lawful-frame.ts'
import { escapeHtml, renderPage } from '../platform/http/page.ts'
import type { Language, Words } from '../platform/words.ts'
import { complied, type Figures, type Row } from './figures.ts'
import type { Period } from './period.ts'
import type { Report } from './reports.ts'
import { ruleChangesLines, ruleChangesPart } from './rule-changes.ts'
import { fill, W } from './words.ts'

/** How the operator shows small counts. */
export type SmallCounts = 'exact' | 'ranges'

/** What the page is made of. */
export interface ReportView {
  readonly report: Report
  readonly periods: readonly Period[]
  readonly language: Language
  readonly operatorName: Words
  readonly frames: readonly LawfulFrame[]
  readonly smallCounts: SmallCounts
}

/** A count as it is shown: itself, or a range where it is small and the operator shows ranges. */
export function shownCount(n: number, small: SmallCounts): string {
  if (small === 'exact' || n === 0) return n.toLocaleString('en-US')
  if (n < 5) return '1–4'
  return n < 10 ? '5–9' : n.toLocaleString('en-US')
}

/** The size by which a count is drawn: where ranges are shown, nothing in a picture tells more than its words. */
export function drawnCount(n: number, small: SmallCounts): number {
  if (small === 'exact' || n === 0 || n >= 10) return n
  return n < 5 ? 4 : 9
}

/** "quarter 3 of 2026", "the year 2026". */
export function periodWords(period: Period, language: Language): string {
  const [year = '', quarter] = period.name.split('-Q')
  return quarter === undefined
    ? fill(W.year, language, { year })
    : fill(W.quarter, language, { year, q: quarter })
}

/** Hours as `4 d 6 h`. */
export function hoursText(hours: number | null, language: Language): string {
  if (hours === null) return W.none[language]
  const whole = Math.round(hours)
  const [d, h] = language === 'my' ? ['ရက်', 'နာရီ'] : ['d', 'h']
  return whole < 24 ? `${whole} ${h}` : `${Math.floor(whole / 24)} ${d} ${whole % 24} ${h}`
}

/** The public report of one period. */
export function reportPage(view: ReportView): string {
  const { report, language } = view
  const { figures, period } = report
  const say = (words: Words, values: Readonly<Record<string, string | number>> = {}): string =>
    escapeHtml(fill(words, language, values))
  const n = (count: number): string => shownCount(count, view.smallCounts)
  const looks = figures.looksWithContact + figures.looksWithout
  const lead = fill(W.lead, language, {
    period: periodWords(period, language),
    received: n(figures.received),
    complied: n(complied(figures)),
    part: n(figures.compliedInPart),
    looks: fill(W.leadLooks, language, { looks: n(looks), with: n(figures.looksWithContact) }),
  })
  const big = (count: number, words: Words, more: string): string =>
    `<div><b>${n(count)}</b><span>${say(words)}<br>${more}</span></div>`
  const body = `<a class="skip" href="#report">${say(W.skip)}</a><div class="report">
${topLine(view)}
<main id="report"><h1>${say(W.title)}</h1><p class="lead">${escapeHtml(lead)}</p>
${report.over ? '' : `<p class="small">${say(W.running)}</p>`}
<div class="nums">
${big(figures.received, W.received, say(W.misdirected, { n: n(figures.misdirected) }))}
${big(complied(figures), W.complied, say(W.compliedHow, { full: n(figures.compliedInFull), part: n(figures.compliedInPart), none: n(figures.compliedNoData) }))}
${big(figures.numbersDisclosed, W.disclosed, say(W.disclosedDays, { days: n(figures.daysDisclosed), told: n(figures.customersTold) }))}
${big(figures.notMe, W.notMe, say(W.notMeRight, { n: n(figures.notMeFounded) }))}
</div>
<div class="two"><section><h2>${say(W.became)}</h2>${bars(view)}</section>
<section><h2>${say(W.byOffence)}</h2>${rowTable(view, W.offence, figures.byCategory, (id) => categoryWords(view, id))}</section></div>
<div class="two"><section><h2>${say(W.looks)}</h2>${looksPicture(view)}</section>${countYourself(view)}</div>
<div class="two"><section><h2>${say(W.byAuthority)}</h2>${rowTable(view, W.authority, figures.byAuthority, (id) => authorityWords(view, id))}</section>
<section><h2>${say(W.byGround)}</h2>${groundTable(view)}</section></div>
<section><h2>${say(W.more)}</h2>${moreTable(view)}</section>
${ruleChangesPart(figures.ruleChanges, language, n)}
<p class="small">${say(W.content)} ${say(W.not)}</p>
<section><h2>${say(W.earlier)}</h2><ul class="archive">${view.periods.map((one) => `<li><a href="/transparency/${one.name}?lang=${language}">${escapeHtml(periodWords(one, language))}</a></li>`).join('')}</ul></section>
</main></div>`
  return renderPage({
    language,
    title: `${fill(W.name, language)} · ${view.operatorName[language]}`,
    body,
    style: '/transparency/style.css',
  })
}

function topLine(view: ReportView): string {
  const { language, report } = view
  const other: Language = language === 'en' ? 'my' : 'en'
  const { name } = report.period
  const files =
    report.over && view.smallCounts === 'exact' ? ` · <a href="/transparency/${name}.json">JSON</a>` : ''
  return `<header class="small"><span>${escapeHtml(view.operatorName[language])} · ${escapeHtml(fill(W.name, language))} · <a lang="${other}" href="/transparency/${name}?lang=${other}">${W.otherLanguage[language]}</a></span>
<span>${escapeHtml(periodWords(report.period, language))} · <a href="/transparency/${name}.csv">CSV</a>${files}</span></header>`
}

/** Bars for what became of requests, longest first; the words stand beside each bar. */
function bars({ report: { figures }, language, smallCounts }: ReportView): string {
  const n = (count: number): string => shownCount(count, smallCounts)
  const refusedHere = Math.max(0, figures.refused - figures.refusedByFilter)
  const rows = [
    { words: W.barReceived, count: figures.received, css: 'b1', says: '' },
    {
      words: W.barPassed,
      count: figures.passedFilter,
      css: 'b2',
      says: fill(W.barPassedNot, language, { n: n(figures.refusedByFilter) }),
    },
    {
      words: W.barMet,
      count: figures.compliedInFull + figures.compliedInPart + figures.compliedNoData + figures.preserved,
      css: 'b3',
      says: fill(W.barMetNot, language, { refused: n(refusedHere), returned: n(figures.returned) }),
    },
    { words: W.barDelivered, count: complied(figures), css: 'b4', says: '' },
  ]
  const size = (count: number): number => drawnCount(count, smallCounts)
  const most = Math.max(1, ...rows.map(({ count }) => size(count)))
  const drawn = rows.map(({ words, count, css, says }, at) => {
    const y = at * 62
    const width = Math.max(2, Math.round((size(count) / most) * 300))
    return `<text x="0" y="${y + 17}">${escapeHtml(words[language])}</text><rect class="${css}" x="0" y="${y + 26}" width="${width}" height="18" rx="2"/><text class="strong" x="${width + 10}" y="${y + 40}">${n(count)}</text>${says === '' ? '' : `<text class="quiet" x="0" y="${y + 58}">${escapeHtml(says)}</text>`}`
  })
  const label = rows.map(({ words, count }) => `${words[language]}: ${n(count)}`).join('; ')
  return `<svg viewBox="0 0 420 250" role="img" aria-label="${escapeHtml(label)}">${drawn.join('')}</svg>`
}

function looksPicture({ report: { figures }, language, smallCounts }: ReportView): string {
  const weeks = figures.looksByWeek
  const customers = figures.customers ?? 0
  if (weeks.length === 0 || customers === 0)
    return `<p class="small">${escapeHtml(fill(W.looksNone, language))}</p>`
  const rate = (count: number): number => (drawnCount(count, smallCounts) * 1000) / customers
  const most = Math.max(...weeks.flatMap((week) => [rate(week.withContact), rate(week.without)]), 0.001)
  const x = (at: number): number => (weeks.length === 1 ? 0 : Math.round((at / (weeks.length - 1)) * 400))
  const y = (value: number): number => Math.round(100 - (value / most) * 84)
  const line = (of: 'withContact' | 'without'): string =>
    weeks.length === 1
      ? `M0 ${y(rate(weeks[0]![of]))} L400 ${y(rate(weeks[0]![of]))}`
      : weeks.map((week, at) => `${at === 0 ? 'M' : 'L'}${x(at)} ${y(rate(week[of]))}`).join(' ')
  const per = (which: 'looksWithContact' | 'looksWithout'): string => {
    const value = rate(figures[which]) / weeks.length
    return value === 0 ? '0' : value.toPrecision(2)
  }
  const withWords = fill(W.looksWith, language, { n: per('looksWithContact') })
  const withoutWords = fill(W.looksWithout, language, { n: per('looksWithout') })
  return `<svg viewBox="0 0 420 110" role="img" aria-label="${escapeHtml(`${withWords}; ${withoutWords}`)}"><path class="with" d="${line('withContact')}"/><path class="without" d="${line('without')}"/></svg>
<p class="small with">${escapeHtml(withWords)}</p><p class="small without">${escapeHtml(withoutWords)}</p>`
}

function countYourself({ language, report, smallCounts }: ReportView): string {
  const says = smallCounts === 'ranges' ? W.countRanges : W.countSays
  const command =
    smallCounts === 'ranges'
      ? ''
      : `<pre tabindex="0">npx countersign report --verify ${report.period.name}.json --url https://…</pre>`
  return `<section class="proof"><h2>${escapeHtml(fill(W.countTitle, language))}</h2><p>${escapeHtml(fill(says, language))}</p>${command}</section>`
}

function rowTable(
  view: ReportView,
  head: Words,
  rows: readonly Row[],
  wordsOf: (id: string) => Words,
): string {
  const { language } = view
  const n = (count: number): string => shownCount(count, view.smallCounts)
  if (rows.length === 0) return `<p class="small">${escapeHtml(fill(W.none, language))}</p>`
  const cells = rows.map(
    (row) =>
      `<tr><th scope="row">${escapeHtml(wordsOf(row.id)[language])}</th><td>${n(row.received)}</td><td>${n(row.complied)}</td><td>${n(row.refused)}</td><td>${escapeHtml(hoursText(row.medianHours, language))}</td></tr>`,
  )
  const heads = [W.asked, W.compliedShort, W.refusedShort, W.medianTime]
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(head[language])}"><table><thead><tr><th scope="col">${escapeHtml(head[language])}</th>${heads.map((words) => `<th scope="col">${escapeHtml(words[language])}</th>`).join('')}</tr></thead><tbody>${cells.join('')}</tbody></table></div>`
}

function groundTable(view: ReportView): string {
  const { language, frames } = view
  const rows = Object.entries(view.report.figures.refusedByGround)
  if (rows.length === 0) return `<p class="small">${escapeHtml(fill(W.none, language))}</p>`
  const words = (id: string): string =>
    frames.flatMap(({ grounds }) => grounds).find((ground) => ground.id === id)?.words[language] ?? id
  return `<table><thead><tr><th scope="col">${escapeHtml(fill(W.ground, language))}</th><th scope="col">${escapeHtml(fill(W.count, language))}</th></tr></thead><tbody>${rows.map(([id, count]) => `<tr><th scope="row">${escapeHtml(words(id))}</th><td>${shownCount(count, view.smallCounts)}</td></tr>`).join('')}</tbody></table>`
}

function moreTable(view: ReportView): string {
  const { language } = view
  const { figures, secrecies } = view.report
  const counts: [keyof typeof W.m, number][] = [
    ['emergencies', figures.emergencies],
    ['unratified', figures.emergenciesUnratified],
    ['confirmed', figures.emergenciesConfirmed],
    ['notConfirmed', figures.emergenciesNotConfirmed],
    ['returned', figures.returned],
    ['withdrawn', figures.withdrawn],
    ['expired', figures.expired],
    ['duress', figures.underDuress],
    ['preserved', figures.preserved],
    ['late', figures.answeredLate],
    ['refusedLooks', figures.refusedLooks],
    ['incidents', figures.incidents],
    ['secret', secrecies.standing],
    ['secretRenewed', figures.secrecyRenewed],
    ['secretOverdue', secrecies.overdue],
  ]
  const rows = counts.map(
    ([name, count]) =>
      `<tr><th scope="row">${escapeHtml(W.m[name][language])}</th><td>${shownCount(count, view.smallCounts)}</td></tr>`,
  )
  const median = `<tr><th scope="row">${escapeHtml(W.m.median[language])}</th><td>${escapeHtml(hoursText(figures.medianHours, language))}</td></tr>`
  const people = `<tr><th scope="row">${escapeHtml(W.m.customers[language])}</th><td>${figures.customers === null ? escapeHtml(W.none[language]) : shownCount(figures.customers, view.smallCounts)}</td></tr>`
  return `<table class="narrow"><tbody>${rows.join('')}${median}${people}</tbody></table>`
}

function categoryWords({ frames }: ReportView, id: string): Words {
  if (id === 'unlisted') return W.unlisted
  const found = frames.flatMap(({ categories }) => categories).find((category) => category.id === id)
  return found?.words ?? { en: id, my: id }
}

function authorityWords({ frames }: ReportView, id: string): Words {
  const found = frames.flatMap(({ authorities }) => authorities).find((authority) => authority.id === id)
  return found?.name ?? { en: id, my: id }
}

/** The figures as CSV (RFC 4180): one line a figure. */
export function figuresCsv(period: Period, figures: Figures, small: SmallCounts): string {
  const lines: string[][] = [['period', 'figure', 'of', 'value']]
  const add = (figure: string, of: string, value: string): void =>
    void lines.push([period.name, figure, of, value])
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value === 'number')
      add(name, '', name === 'medianHours' ? String(value) : shownCount(value, small))
    if (value === null) add(name, '', '')
  }
  for (const [ground, count] of Object.entries(figures.refusedByGround))
    add('refusedByGround', ground, shownCount(count, small))
  for (const list of ['byCategory', 'byAuthority'] as const)
    for (const row of figures[list]) {
      add(`${list}.received`, row.id, shownCount(row.received, small))
      add(`${list}.complied`, row.id, shownCount(row.complied, small))
      add(`${list}.refused`, row.id, shownCount(row.refused, small))
      add(`${list}.medianHours`, row.id, row.medianHours === null ? '' : String(row.medianHours))
    }
  for (const line of ruleChangesLines(figures.ruleChanges, (count) => shownCount(count, small))) add(...line)
  return lines
    .map((cells) => `${cells.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(',')}\r\n`)
    .join('')
}
