import type { RowViewData } from '../care/look-schemas.ts'

/** A thief's notebook: lines as somebody writes them off a screen. Pure; chance comes in. */

/** How a line got there. */
export type Taking = 'copied' | 'photographed' | 'asked'

export interface Line {
  readonly how: Taking
  readonly text: string
}

/** In [0, 1). */
export type Chance = () => number

/** Of ten characters that somebody types off a photograph, a fair typist gets one or two in a hundred wrong. */
const MISREAD = 0.015
const CONFUSED: Readonly<Record<string, string>> = {
  '0': '8',
  '1': '7',
  '2': '3',
  '3': '8',
  '4': '9',
  '5': '6',
  '6': '5',
  '7': '1',
  '8': '3',
  '9': '4',
}

/** One row as it is written by hand: day, time, what is seen of the number, and how long. */
export function writeRow({ day, start, digits, typeLabel, lasted }: RowViewData): string {
  return `${day.slice(8)}/${day.slice(5, 7)} ${start} ${digits ?? typeLabel.en} ${lasted.en}`
}

/**
 * A page of rows retyped from a photograph: digits misread as those that look like them, now and then a row lost where
 * the screen glared.
 */
export function retypePhotograph(rows: readonly RowViewData[], chance: Chance): Line[] {
  return rows
    .filter(() => chance() >= 0.04)
    .map((row) => ({
      how: 'photographed' as const,
      text: [...writeRow(row)].map((char) => (chance() < MISREAD ? (CONFUSED[char] ?? char) : char)).join(''),
    }))
}

/** The lines that hold rows, as the list that is handed in. */
export function listOf(lines: readonly Line[]): string {
  return lines
    .filter(({ how }) => how !== 'asked')
    .map(({ text }) => text)
    .join('\n')
}
