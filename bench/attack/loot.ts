import type { RowViewData } from '../../src/care/look-schemas.ts'
import type { Taken } from './outcome.ts'

/** A thief's notebook: what answers showed, and what several of them tell together. */
export interface Loot {
  /** Takes the rows of one page of one look. */
  takeRows(look: string, rows: readonly RowViewData[]): void
  takeWhole(number: string): void
  takeAnswer(number: string): void
  takeMore(words: string): void
  /** The rows as somebody would retype them, of the look that showed most. */
  list(): string
  taken(): Taken
}

const HIDDEN = '•'

/** Opens an empty one. */
export function openLoot(): Loot {
  const rows = new Map<string, Map<string, RowViewData>>()
  const whole = new Set<string>()
  const answers = new Set<string>()
  const more: string[] = []
  return {
    takeRows: (look, shown) => {
      const own = rows.get(look) ?? new Map<string, RowViewData>()
      for (const row of shown) own.set(placeOf(row), row)
      rows.set(look, own)
    },
    takeWhole: (number) => void whole.add(number),
    takeAnswer: (number) => void answers.add(number),
    takeMore: (words) => void more.push(words),
    list: () => {
      const most = [...rows.values()].sort((a, b) => b.size - a.size)[0] ?? new Map<string, RowViewData>()
      return [...most.values()].map(retyped).join('\n')
    },
    taken: () => ({
      rows: new Set([...rows.values()].flatMap((own) => [...own.keys()])).size,
      digits: mostDigits(rows),
      whole: whole.size,
      answers: answers.size,
      more: more.join('; '),
    }),
  }
}

/** What a row has in every look: when, and what it cost. */
function placeOf({ day, start, chargeMilli, kind, direction }: RowViewData): string {
  return [day, start.slice(0, 5), kind, direction, chargeMilli ?? ''].join(' ')
}

function retyped({ day, start, digits, typeLabel, lasted }: RowViewData): string {
  return `${day.slice(8)}/${day.slice(5, 7)} ${start} ${digits ?? typeLabel.en} ${lasted.en}`
}

/** Rows of one letter are of one number, and a row is the same in every look: so looks tell of one another. */
function mostDigits(looks: ReadonlyMap<string, ReadonlyMap<string, RowViewData>>): number {
  const known = new Map<string, Set<string>>()
  const names = new Map<string, string>()
  let most = 0
  for (const [look, rows] of looks)
    for (const [place, { letter, digits }] of rows) {
      if (letter === null || digits?.includes(HIDDEN) !== true) continue
      const own = `${look} ${letter}`
      const name = names.get(own) ?? names.get(place) ?? own
      names.set(own, name)
      names.set(place, name)
      const places = known.get(name) ?? new Set<string>()
      const last = [...digits].slice(-7)
      for (const [at, char] of last.entries()) if (char !== HIDDEN) places.add(`${at}${char}`)
      known.set(name, places)
      most = Math.max(most, new Set([...places].map((one) => one[0])).size)
    }
  return most
}
