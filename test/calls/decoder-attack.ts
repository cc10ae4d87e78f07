import assert from 'node:assert/strict'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { FORMAT_NAMES, type FormatName } from '../../src/calls/formats/record-format.ts'
import { readSource } from '../../src/calls/formats/source.ts'
import { CodedError } from '../../src/platform/coded-error.ts'
import { optionsWith, shared, vector } from './open-formats.ts'

/** Attacks on the decoders of call records, for the test that runs a few and the soak that runs many. */

export const MEGABYTE = 1024 * 1024

/** Real and made files of every format, to be mutated. */
export function samples(): Buffer[] {
  const json = shared('freeswitch-lab/json_cdr_1_fscdr.json')
  const xml = Buffer.from(
    '<cdr core-uuid="a"><variables><uuid>u</uuid><start_epoch>1788265920</start_epoch><billsec>5</billsec></variables><callflow><caller_profile><destination_number>09791000002</destination_number></caller_profile></callflow></cdr>',
  )
  const line =
    '{"kind":"voice","caller":"+959791000001","called":"1331","start":1788265920,"durationSeconds":5}\n'
  return [
    'pycrate-32298.ber',
    'pycrate-32298-padded.ber',
    'pycrate-32298-indefinite.ber',
    'pycrate-32297-release16.dat',
    'pycrate-tap-0312.ber',
    'pycrate-tap-0312-indefinite.ber',
    'pycrate-32298.ber.gz',
  ]
    .map(vector)
    .concat(
      shared('libxfsx-tap/test/in/tap_3_12_valid.ber'),
      shared('libxfsx-tap/test/in/nrt_2_1.ber'),
      shared('asterisk-lab/Master.csv'),
      json,
      xml,
      Buffer.from(line.repeat(20)),
      zstdCompressSync(vector('pycrate-32298.ber')),
    )
}

/** Inputs of one megabyte, each chosen to cost as much as it can; made when asked for, so that one is there at a time. */
export function nastyInputs(): Map<string, () => Buffer> {
  const filled = (pattern: string | Buffer): Buffer => Buffer.alloc(MEGABYTE, pattern as string)
  const bytes = (...values: number[]): Buffer => Buffer.from(values)
  return new Map<string, () => Buffer>([
    ['a nest of indefinite lengths', () => filled(bytes(0xa0, 0x80))],
    [
      'record starts, each claiming 256 KiB',
      () => filled(bytes(0xa0, 0x83, 0x03, 0xff, 0xff, 0x80, 0x01, 0x00)),
    ],
    ['indefinite records that never end', () => filled(bytes(0xa0, 0x80, 0x80, 0x01, 0x00, 0x81, 0x00))],
    ['endless padding', () => filled(bytes(0x00))],
    ['the longest tags', () => filled(bytes(0xbf, 0xff, 0xff, 0xff, 0x7f, 0x80))],
    [
      'a TAP file of empty events',
      () => Buffer.concat([bytes(0x61, 0x80, 0x63, 0x80), filled(bytes(0x69, 0x00))]),
    ],
    [
      'a TAP nest',
      () => Buffer.concat([bytes(0x61, 0x80, 0x63, 0x80), filled(bytes(0x69, 0x80, 0x7f, 0x26, 0x80))]),
    ],
    [
      'NRTRDE of empty events',
      () => Buffer.concat([bytes(0x61, 0x80, 0x62, 0x80), filled(bytes(0x63, 0x00))]),
    ],
    ['brackets', () => filled('{"variables":[[[[[[[[')],
    ['open braces', () => filled('{')],
    ['closed objects', () => filled('{}')],
    ['an endless string', () => Buffer.concat([Buffer.from('{"variables":"'), filled('\\"')])],
    ['numbers', () => Buffer.concat([Buffer.from('{"variables":['), filled('1,'), Buffer.from('1]}')])],
    ['open elements', () => filled('<cdr>')],
    ['open cdr elements with attributes', () => filled('<cdr a="b" <cdr ')],
    ['variables without end', () => Buffer.concat([Buffer.from('<cdr><variables>'), filled('<a>')])],
    [
      'entities',
      () =>
        Buffer.concat([
          Buffer.from('<cdr><variables><a>'),
          filled('&#x41;'),
          Buffer.from('</a></variables></cdr>'),
        ]),
    ],
    ['quotes', () => filled('"')],
    ['commas', () => filled(',')],
    ['empty lines', () => filled('\n')],
    ['lines of one digit', () => filled('1\n')],
    ['one line', () => filled('9')],
    ['gzip of gzip', () => gzipSync(repeated(gzipSync(Buffer.alloc(MEGABYTE)), 64))],
    ['a gzip bomb', () => repeated(gzipSync(Buffer.alloc(MEGABYTE)), 300)],
    ['a zstd bomb', () => repeated(zstdCompressSync(Buffer.alloc(MEGABYTE, '{}')), 300)],
    [
      'a zstd frame that wants a window of 2 GB',
      () => bytes(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00),
    ],
  ])
}

/** Several members or frames one behind the other are one file. */
function repeated(member: Buffer, times: number): Buffer {
  return Buffer.concat(Array.from({ length: times }, () => member))
}

const ATTEMPTED: readonly (FormatName | null)[] = [
  null,
  ...FORMAT_NAMES.filter((name) => name !== 'delimited'),
]

/**
 * Reads hostile bytes as their content says and as every format: whatever they are, there is a defined outcome.
 * Positions grow, reasons are short and hold nothing of the file, and only errors with a code are thrown.
 */
export async function attack(
  bytes: Buffer,
  formats: readonly (FormatName | null)[] = ATTEMPTED,
): Promise<void> {
  for (const format of formats) {
    let latest = -1
    try {
      for await (const items of readSource(optionsWith({ format }))(chunksOf(bytes))) {
        for (const item of items) {
          assert.ok(item.position > latest, `${format}: position ${item.position} after ${latest}`)
          latest = item.position
          if ('fault' in item) assert.ok(item.fault.reason.length <= 200)
          else assert.ok(Number.isInteger(item.record.start))
        }
      }
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
    }
  }
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 256 * 1024) yield bytes.subarray(at, at + 256 * 1024)
}
