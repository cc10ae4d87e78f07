import type { Language } from '../platform/words.ts'
import { burmese } from './heist.ts'
import type { CurvePoint } from './verdict.ts'
import { W } from './words.ts'

/** What a list proves as it grows, drawn: a line over rows, and the height above which somebody is named. */

const WIDTH = 640
const HEIGHT = 220
const LEFT = 40
const BOTTOM = 190
const TOP = 16

/** The picture, as SVG with words for who does not see it. */
export function curvePicture(curve: readonly CurvePoint[], language: Language): string {
  const threshold = curve[0]?.threshold ?? 6
  const most = Math.max(threshold * 1.4, ...curve.map(({ log10E }) => log10E ?? 0))
  const x = (rows: number) => LEFT + ((WIDTH - LEFT - 12) * rows) / Math.max(1, curve.length)
  const y = (value: number) => BOTTOM - ((BOTTOM - TOP) * Math.max(0, value)) / most
  const points = curve.map(({ rows, log10E }) => `${round(x(rows))},${round(y(log10E ?? 0))}`).join(' ')
  const first = curve.find(({ named }) => named)
  const says = (value: number) => (language === 'en' ? String(value) : burmese(value))
  const mark =
    first === undefined
      ? ''
      : `<circle class="named" cx="${round(x(first.rows))}" cy="${round(y(first.log10E ?? 0))}" r="6"/><text class="tick" x="${round(x(first.rows))}" y="${round(y(first.log10E ?? 0)) - 12}">${says(first.rows)}</text>`
  const ticks = tickRows(curve.length)
    .map((rows) => `<text class="tick" x="${round(x(rows))}" y="${BOTTOM + 18}">${says(rows)}</text>`)
    .join('')
  const label = first === undefined ? W.notNameable[language] : nameable(first.rows, language)
  return `<svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<line class="axis" x1="${LEFT}" y1="${BOTTOM}" x2="${WIDTH - 12}" y2="${BOTTOM}"/>
<line class="threshold" x1="${LEFT}" y1="${round(y(threshold))}" x2="${WIDTH - 12}" y2="${round(y(threshold))}"/>
<text x="${WIDTH - 12}" y="${round(y(threshold)) - 6}" text-anchor="end">${W.line[language]}</text>
<polyline class="proof" points="${points}"/>${mark}${ticks}<text x="${WIDTH - 12}" y="${BOTTOM + 18}" text-anchor="end">${W.rowsAxis[language]}</text></svg>`
}

function nameable(rows: number, language: Language): string {
  return language === 'en' ? W.nameable.en(rows) : W.nameable.my(burmese(rows))
}

function tickRows(rows: number): number[] {
  const step = rows <= 12 ? 1 : rows <= 30 ? 5 : 10
  return Array.from({ length: Math.floor((rows - 1) / step) + 1 }, (_, at) =>
    at === 0 ? 1 : at * step,
  ).filter((one) => one < rows * 0.92)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
