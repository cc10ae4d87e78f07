import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { E164 } from '../../src/calls/call-record.ts'
import { readSource, type SourceOptions } from '../../src/calls/formats/source.ts'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../../src/calls/numbers.ts'
import type { ReadItem, SourceRecord } from '../../src/calls/source-record.ts'

export const NOW = Date.UTC(2026, 10, 25)
export const THIRI = '+959791000001' as E164
export const KHIN = '+959791000002' as E164
export const ABROAD = '+66812345678' as E164

const plan = createNumberPlan(readJurisdiction(new URL('../../jurisdictions/mm.json', import.meta.url)), {
  ownPrefixes: ['979'],
  premiumPrefixes: [],
  servicePrefixes: [],
})

/** Options of an operator in Myanmar; `numbers` as a list of identifier and number. */
export function optionsWith(
  more: Partial<SourceOptions> & { people?: Record<string, string> } = {},
): SourceOptions {
  const { people = {}, ...options } = more
  return {
    plan,
    now: NOW,
    offsetMinutes: 390,
    currency: 'MMK',
    numbers: new Map(Object.entries(people) as [string, E164][]),
    servingNodes: 'file',
    format: null,
    map: null,
    ...options,
  }
}

/** A file of this folder's vectors. */
export function vector(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'vectors', name))
}

/** A file of the shared data. */
export function shared(name: string): Buffer {
  const folder = process.env.COUNTERSIGN_SHARED ?? new URL('../../../shared', import.meta.url).pathname
  return readFileSync(join(folder, 'data', name))
}

/** Reads bytes, handed over in chunks of `chunk`. */
export async function readAll(
  bytes: Buffer,
  options: SourceOptions = optionsWith(),
  chunk = 64 * 1024,
): Promise<ReadItem[]> {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunk) chunks.push(bytes.subarray(at, at + chunk))
  const items: ReadItem[] = []
  for await (const batch of readSource(options)(Readable.from(chunks))) items.push(...batch)
  return items
}

/** The records among items. */
export function recordsOf(items: readonly ReadItem[]): SourceRecord[] {
  return items.flatMap((item) => ('record' in item ? [item.record] : []))
}

/** The reasons among items. */
export function reasonsOf(items: readonly ReadItem[]): string[] {
  return items.flatMap((item) => ('fault' in item ? [item.fault.reason] : []))
}

/** A record in a line: who, whom, when (UTC), how long or how much. */
export function lineOf(record: SourceRecord): string {
  const party = (of: SourceRecord['caller']): string =>
    of.kind === 'number'
      ? of.number
      : of.kind === 'short-code'
        ? of.code
        : of.kind === 'name'
          ? of.name
          : of.kind
  const when = new Date(record.start * 1000).toISOString().slice(0, 19)
  const much = record.kind === 'data' ? record.bytes : record.kind === 'sms' ? 'sms' : record.durationSeconds
  const marks = [
    record.answered ? '' : 'unanswered',
    record.callerHidden ? 'hidden' : '',
    record.forwarded ? 'forwarded' : '',
  ].filter((mark) => mark !== '')
  return [record.served, party(record.caller), party(record.called), when, much, ...marks].join(' ')
}
