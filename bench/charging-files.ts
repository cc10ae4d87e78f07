import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const FIRST_SECOND = Date.UTC(2026, 9, 1) / 1000 - 390 * 60
/** The first record of the sample, a mobile-originated call, is the pattern; made with pycrate, as its folder says. */
const SAMPLE = new URL('../test/calls/vectors/pycrate-32298.ber', import.meta.url)

/**
 * Writes a file of TS 32.298 records in BER: mobile-originated calls of `records / 200` subscribers, in order of time.
 * Each is the sample's call with other numbers, times, duration and reference. Gives its path.
 */
export function writeChargingFile(dir: string, records: number): string {
  const sample = readFileSync(SAMPLE)
  const pattern = sample.subarray(0, 2 + sample[1]!)
  const places = {
    served: placeOf(pattern, 0x83),
    called: placeOf(pattern, 0x85),
    seizure: placeOf(pattern, 0x96),
    answer: placeOf(pattern, 0x97),
    release: placeOf(pattern, 0x98),
    duration: placeOf(pattern, 0x99),
    reference: patternOf(pattern, Buffer.from([0x9f, 0x20, 0x03])) + 3,
  }
  const path = join(dir, 'MSC01.ber')
  const file = openSync(path, 'w')
  const subscribers = Math.max(21, Math.round(records / 200))
  let seed = 42
  const below = (limit: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * limit)
  }
  let batch: Buffer[] = []
  for (let at = 0; at < records; at++) {
    const record = Buffer.from(pattern)
    writeNumber(record, places.served, below(subscribers))
    writeNumber(record, places.called, below(subscribers))
    const start = FIRST_SECOND + Math.floor((at / records) * 31 * 86_400)
    const duration = 1 + below(500)
    writeTime(record, places.seizure, start)
    writeTime(record, places.answer, start)
    writeTime(record, places.release, start + duration)
    record.writeUInt16BE(duration, places.duration)
    record.writeUIntBE(at & 0xffffff, places.reference, 3)
    batch.push(record)
    if (batch.length === 10_000) {
      writeSync(file, Buffer.concat(batch))
      batch = []
    }
  }
  writeSync(file, Buffer.concat(batch))
  closeSync(file)
  return path
}

/** Where the contents of the element with this tag stand among the pattern's own elements. */
function placeOf(pattern: Buffer, tag: number): number {
  for (let at = 2; at < pattern.length; ) {
    const head = (pattern[at]! & 0x1f) === 0x1f ? 2 : 1
    if (pattern[at] === tag) return at + head + 1
    at += head + 1 + pattern[at + head]!
  }
  throw new Error(`the sample has no element ${tag.toString(16)}`)
}

function patternOf(pattern: Buffer, bytes: Buffer): number {
  const at = pattern.indexOf(bytes)
  if (at === -1) throw new Error('the sample has no reference')
  return at
}

/** `959790000000 + subscriber * 7` in telephony BCD behind the type of number. */
function writeNumber(record: Buffer, at: number, subscriber: number): void {
  const digits = String(959_790_000_000 + subscriber * 7)
  for (let pair = 0; pair < 6; pair++) {
    record[at + 1 + pair] = Number(digits[pair * 2 + 1]) * 16 + Number(digits[pair * 2])
  }
}

/** Local time in Myanmar in BCD; the sample has the sign and the offset behind it. */
function writeTime(record: Buffer, at: number, seconds: number): void {
  const text = new Date((seconds + 390 * 60) * 1000).toISOString()
  const parts = [
    text.slice(2, 4),
    text.slice(5, 7),
    text.slice(8, 10),
    text.slice(11, 13),
    text.slice(14, 16),
    text.slice(17, 19),
  ]
  for (const [index, part] of parts.entries()) record[at + index] = Number.parseInt(part, 16)
}
