import { type Ending, endingOf, type Noticed, type Outcome, type Taken } from './outcome.ts'

/** What came of the attacks, as Markdown: what is open first, then what was told, then what was stopped. */

const ENDINGS: readonly Ending[] = ['open', 'told', 'stopped']
const TITLES: Readonly<Record<Ending, string>> = {
  open: 'Open: something was taken, and nobody was told',
  told: 'Told: something was taken, and somebody was told',
  stopped: 'Stopped: nothing was taken',
}
export const BEGIN = '<!-- npm run attack: from here on this is its table -->'
export const END = '<!-- npm run attack: up to here -->'

/** The three tables, between their markers. */
export function tableOf(outcomes: readonly Outcome[]): string {
  return tablesOf(
    gatherPairs(outcomes).map((outcome) => ({ ending: endingOf(outcome), line: lineOf(outcome) })),
  )
}

/** The tables as they stood, with the lines of these outcomes in place of what was said of the same attacks before. */
export function tableWith(before: string, outcomes: readonly Outcome[]): string {
  const lines = linesIn(before)
  for (const outcome of outcomes) {
    const told = { ending: endingOf(outcome), line: lineOf(outcome) }
    const at = lines.findIndex(({ line }) => idIn(line) === outcome.id)
    if (at === -1) lines.push(told)
    else lines[at] = told
  }
  return tablesOf(lines)
}

interface TableLine {
  readonly ending: Ending
  readonly line: string
}

function tablesOf(lines: readonly TableLine[]): string {
  const parts = ENDINGS.map((ending) => {
    const own = lines.filter((one) => one.ending === ending).map(({ line }) => line)
    return `### ${TITLES[ending]}\n\n| who | tries | took away | noticed by, after | what remains open |\n|---|---|---|---|---|\n${own.join('\n')}\n`
  })
  return `${BEGIN}\n\n${parts.join('\n')}\n${END}`
}

function linesIn(tables: string): TableLine[] {
  const found: TableLine[] = []
  let ending: Ending | undefined
  for (const line of tables.split('\n')) {
    if (line.startsWith('### ')) ending = ENDINGS.find((one) => line === `### ${TITLES[one]}`)
    else if (ending !== undefined && idIn(line) !== undefined) found.push({ ending, line })
  }
  return found
}

function idIn(line: string): string | undefined {
  return /`([a-z0-9-]+)` \|/.exec(line)?.[1]
}

function lineOf(outcome: Outcome): string {
  return [
    '',
    outcome.who,
    `${outcome.tries} \`${outcome.id}\``,
    takenWords(outcome.taken),
    noticedWords(outcome.noticed),
    remainsWords(outcome),
    '',
  ]
    .join(' | ')
    .trim()
}

/** What a table says of each attack without the figures that differ from run to run: its ending, and who was told. */
export function settledIn(table: string): Map<string, { ending: string; told: string[] }> {
  const found = new Map<string, { ending: string; told: string[] }>()
  let ending = ''
  for (const line of table.split('\n')) {
    if (line.startsWith('### ')) ending = line.slice(4).split(':')[0] ?? ''
    const id = /`([a-z-]+)` \|/.exec(line)?.[1]
    if (id === undefined) continue
    const noticed = line.split(' | ')[3] ?? ''
    const told = [...noticed.matchAll(/(?:^|<br>)([a-z ]+): [^<|]*? \(after/g)].map((match) => match[1] ?? '')
    found.set(id, { ending, told: [...new Set(told)].sort() })
  }
  return found
}

/** The pairs of roles in a few lines: those that met the same end together. */
function gatherPairs(outcomes: readonly Outcome[]): Outcome[] {
  const pairs = outcomes.filter(({ id }) => id.startsWith('pair-'))
  const kinds = Map.groupBy(pairs, (outcome) => {
    const told = outcome.noticed.filter(({ afterMs }) => afterMs !== null).map(({ by }) => by)
    return `${endingOf(outcome)} ${[...new Set(told)].sort().join(', ')}`
  })
  const gathered = [...kinds.values()].map((alike): Outcome => {
    const most = alike.toSorted((a, b) => b.taken.rows - a.taken.rows)[0] as Outcome
    const names = alike.map(({ who }) => who.replace('pairs: ', ''))
    const first = [...new Set(names.map((name) => name.split(' and ')[0]))]
    const whole = alike.length === pairs.length
    return {
      ...most,
      id: `pairs-${[...kinds.values()].indexOf(alike) + 1}`,
      who: whole
        ? `all ${pairs.length} ordered pairs of roles`
        : `${alike.length} of ${pairs.length} ordered pairs of roles: ${first.join(', ')} with ${alike.length === first.length * 8 ? 'anybody' : 'somebody'}`,
      met: [...new Set(alike.flatMap(({ met }) => met))],
    }
  })
  return [...outcomes.filter(({ id }) => !id.startsWith('pair-')), ...gathered]
}

function takenWords({ rows, digits, whole, answers, more }: Taken): string {
  const parts = [
    ...(rows > 0 ? [`${rows} rows, of a number at most ${digits} of its last 7 digits`] : []),
    ...(whole > 0 ? [`${whole} whole numbers`] : []),
    ...(answers > 0 ? [`whether ${answers} numbers are in the log`] : []),
    ...(more === '' ? [] : [more]),
  ]
  return parts.length === 0 ? 'nothing' : parts.join('; ')
}

function noticedWords(noticed: readonly Noticed[]): string {
  if (noticed.length === 0) return 'nobody'
  return noticed
    .map(({ by, how, afterMs }) =>
      afterMs === null ? `${by}, to be read: ${how}` : `${by}: ${how} (after ${seconds(afterMs)})`,
    )
    .join('<br>')
}

function seconds(ms: number): string {
  if (ms < 1_000) return 'under a second'
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`
  const hours = ms / 3_600_000
  return hours < 1 ? `${Math.round(ms / 60_000)} min` : `${Math.round(hours)} h`
}

function remainsWords(outcome: Outcome): string {
  const ending = endingOf(outcome)
  const met = outcome.met.length === 0 ? '' : ` Met: ${outcome.met.slice(0, 6).join(', ')}.`
  if (ending === 'stopped') return `nothing.${met}`
  const proof = outcome.proves === null ? '' : ` A found list ${outcome.proves}.`
  return `${ending === 'open' ? 'what was taken, and that nobody was told' : 'what was taken stays taken'}.${proof}${met}`
}
