import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const DAYS = 31
const DAY_SECONDS = 86_400
const CALLS_EACH = 200
const CONTACTS = 20
const CONTACT_SHARE = 0.8
const CELLS = 400
/** A person's day is spent in few places. */
const CELLS_EACH = 5
/** 2026-10-01 in Myanmar. */
const FIRST_DAY = Date.UTC(2026, 9, 1) / 1000 - 390 * 60

/** The column map of the files that `writeDailyFiles` writes. */
export const DAILY_FILES_MAP = {
  name: 'daily files',
  header: true,
  columns: {
    caller: { column: 'caller' },
    called: { column: 'called' },
    start: { column: 'start', format: 'yyyy-MM-dd HH:mm:ss', zone: 'Z' },
    duration: { column: 'duration', unit: 'seconds' },
    callerCell: { column: 'cell' },
    charge: { column: 'charge', unit: 'major', currency: 'MMK' },
    tariff: { column: 'tariff' },
    kind: { fixed: 'voice' },
  },
} as const

/** As `DAILY_FILES_MAP`, for files that give each call the switch's reference. */
export const REFERENCED_FILES_MAP = {
  ...DAILY_FILES_MAP,
  name: 'daily files with references',
  columns: { ...DAILY_FILES_MAP.columns, reference: { column: 'reference' } },
} as const

/**
 * Writes the calls of a month as 31 daily CSV files (or `files` of equal spans) in order of time: 200 calls made by each subscriber, 80% of
 * them to 20 contacts with Zipf weights, the rest to anybody, from
 * five cells of 400; the subscribers are those from `first` on. The same `seed` gives the same bytes.
 * Columns: caller, called, start (yyyy-MM-dd HH:mm:ss in UTC), duration, cell, charge (kyat), tariff, and with
 * `references` the switch's reference.
 */
export function writeDailyFiles(
  dir: string,
  records: number,
  seed: number,
  files = DAYS,
  first = 0,
  references = false,
): { paths: string[]; subscribers: number } {
  const random = mulberry32(seed)
  const subscribers = Math.max(CONTACTS + 1, Math.round(records / CALLS_EACH))
  const zipf = zipfPicker(CONTACTS)
  const contacts = Int32Array.from({ length: subscribers * CONTACTS }, () => below(random, subscribers))
  const paths: string[] = []
  let made = 0
  const spanSeconds = (DAYS * DAY_SECONDS) / files
  for (let span = 0; span < files; span++) {
    const until = Math.round((records * (span + 1)) / files)
    const path = join(dir, `2026-10-${String(span + 1).padStart(files > DAYS ? 5 : 2, '0')}.csv`)
    const file = openSync(path, 'w')
    let lines = `caller,called,start,duration,cell,charge,tariff${references ? ',reference' : ''}\n`
    const today = until - made
    for (let at = 0; at < today; at++) {
      const caller = below(random, subscribers)
      const called =
        random() < CONTACT_SHARE ? contacts[caller * CONTACTS + zipf(random())]! : below(random, subscribers)
      const start = FIRST_DAY + Math.floor((span + at / today) * spanSeconds)
      const duration = Math.floor(-Math.log(1 - random()) * 90)
      const charge = Math.ceil(duration / 60) * 25
      lines += `${subscriberNumber(first + caller)},${subscriberNumber(first + called)},${timeText(start)},${duration},MDY-${(caller * 5 + below(random, CELLS_EACH)) % CELLS},${charge},on-net${references ? `,MSC1-${made + at}` : ''}\n`
      if (lines.length > 1_000_000) {
        writeSync(file, lines)
        lines = ''
      }
    }
    writeSync(file, lines)
    closeSync(file)
    made = until
    paths.push(path)
  }
  return { paths, subscribers }
}

/** The number of a subscriber, by its place. */
export function subscriberNumber(subscriber: number): string {
  return `+9597${String(90_000_000 + subscriber * 7)}`
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
}

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit)
}

/** Gives 0 to `size - 1`, the first most often: weights 1, 1/2, 1/3, ... */
function zipfPicker(size: number): (uniform: number) => number {
  const weights = Array.from({ length: size }, (_, rank) => 1 / (rank + 1))
  const total = weights.reduce((a, b) => a + b)
  let sum = 0
  const ends = weights.map((weight) => {
    sum += weight / total
    return sum
  })
  return (uniform) => {
    const rank = ends.findIndex((end) => uniform < end)
    return rank === -1 ? size - 1 : rank
  }
}

/** A small generator of Tommy Ettinger's, public domain: 32 bits of state, good enough for test data. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
