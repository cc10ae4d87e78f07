import type { ReadItem } from '../source-record.ts'
import { BROKEN, CUT, createElement, type Element, readElement, readHeader } from './ber.ts'
import { type ByteQueue, createByteQueue, LARGEST_RECORD } from './byte-queue.ts'
import { createChargingReader } from './charging-record.ts'
import { CHARGING_LAYOUTS, PASSED_OVER } from './charging-tags.ts'
import { type FormatOptions, itemOf, type RecordFormat } from './record-format.ts'

/** What the header of a file of 3GPP TS 32.297 (6.1.1) tells that reading needs. */
interface FileHeader {
  readonly length: number
}

const SMALLEST_HEADER = 50
const LARGEST_HEADER = 4 + 4 + 45 + 2 * 65_535 + 2
const FORM = { format: 'ts32298', head: '' }
/** Tag, length and record type: what `isRecordStart` looks at. */
const HEAD_OF_RECORD = 12
const SET = 0x31
/** Tags of CSRecord and GPRSRecord (and of the enhanced GGSN's in release 7) that records we know have. */
const CHOICE_TAGS = new Set([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 70, 76, 77,
  78, 79, 86,
])
/** A damaged stretch is kept in pieces of so many bytes. */
const PIECE = 4096

/**
 * Files of 3GPP TS 32.298 records in BER: with the file header and record headers of TS 32.297, or without; with
 * padding of 00 or ff between records, where some switches fill blocks. A position is a byte offset. Behind a
 * record that cannot be read, reading goes on where its header says, or else where a record seems to begin.
 */
export function createChargingFormat(options: FormatOptions): RecordFormat {
  const read = createChargingReader(options)
  const element = createElement()
  return {
    read: (bytes) => readFile(createByteQueue(bytes), read),
    reread(raw) {
      const next = readElement(raw, 0, raw.length, element)
      if (next < 0) return next === CUT ? 'the file ends inside this record' : 'it is no element of BER'
      return read(raw, element)
    },
  }
}

/** Tells whether bytes begin with a header of TS 32.297: both lengths agree, and a record header follows. */
export function hasFileHeader(bytes: Buffer): boolean {
  return fileHeaderOf(bytes) !== null
}

function fileHeaderOf(bytes: Buffer): FileHeader | null {
  if (bytes.length < SMALLEST_HEADER) return null
  const fileLength = bytes.readUInt32BE(0)
  const length = bytes.readUInt32BE(4)
  // ffffffff stands for a file that was too long, or cut off, when its header was written.
  if (length < SMALLEST_HEADER || length > LARGEST_HEADER || fileLength < length) return null
  if (bytes.length <= length) return fileLength === length && bytes.length === length ? { length } : null
  return bytes.length < length + 4 || recordHeaderOf(bytes, length) !== null ? { length } : null
}

/** TS 32.297 6.1.2: length of the record (2), release and version (1), format and specification (1), extension. */
function recordHeaderOf(
  bytes: Buffer,
  at: number,
): { length: number; record: number; isBer: boolean } | null {
  if (at + 4 > bytes.length) return null
  const record = bytes.readUInt16BE(at)
  const format = bytes[at + 3]! >> 5
  // Release 7 in three bits means: ten and more, the number follows.
  const extended = bytes[at + 2]! >> 5 === 7
  if (record === 0 || format < 1 || format > 4) return null
  return { length: extended ? 5 : 4, record, isBer: format === 1 }
}

/**
 * Tells whether a record of TS 32.298 may begin here: the tag of a choice or a SET, and in it first its type, which
 * is one that there is. (A SET has no order; but all that we have seen keep the order of tags, and a location or a
 * list inside a record must not pass for one.)
 */
export function isRecordStart(bytes: Buffer, at: number): boolean {
  const first = bytes[at]
  if (first === undefined || (first !== SET && first >> 5 !== 5)) return false
  const element = createElement()
  const length = readHeader(bytes, at, bytes.length, element)
  if (length === CUT || length === BROKEN || length > LARGEST_RECORD) return false
  const inner = element.start
  const type = bytes[inner + 2] ?? -1
  if (bytes[inner] !== 0x80 || bytes[inner + 1] !== 1) return false
  if (!CHARGING_LAYOUTS.has(type) && !PASSED_OVER.has(type)) return false
  return first === SET || CHOICE_TAGS.has(element.tag)
}

async function* readFile(
  queue: ByteQueue,
  read: (bytes: Buffer, record: Element) => ReturnType<RecordFormat['reread']>,
): AsyncGenerator<ReadItem[]> {
  while (queue.bytes.length < 64 * 1024 && (await queue.pull())) {
    // The header, and the first record's behind it, decide how the file is read.
  }
  const header = fileHeaderOf(queue.bytes)
  if (header !== null) queue.at = header.length
  const step = header === null ? createBareStep(queue, read) : createFramedStep(queue, read)
  for (let more = true; more; ) {
    const items: ReadItem[] = []
    while (step(items)) {
      // As many records as the bytes in hand have.
    }
    if (items.length > 0) yield items
    more = await queue.pull()
    if (!more) {
      const last: ReadItem[] = []
      while (step(last)) {
        // What only the end could decide.
      }
      yield last
    }
  }
}

type Step = (items: ReadItem[]) => boolean
type Read = (bytes: Buffer, record: Element) => ReturnType<RecordFormat['reread']>

function push(items: ReadItem[], item: ReadItem | null): void {
  if (item !== null) items.push(item)
}

function fault(items: ReadItem[], queue: ByteQueue, length: number, reason: string): void {
  const raw = Buffer.from(queue.bytes.subarray(queue.at, queue.at + length))
  items.push({ position: queue.offset, fault: { reason, raw, form: FORM } })
  queue.at += length
}

/** Records behind headers of TS 32.297: true when one was used up. */
function createFramedStep(queue: ByteQueue, read: Read): Step {
  const element = createElement()
  return (items) => {
    const { bytes, at } = queue
    const left = bytes.length - at
    if (left === 0) return false
    const header = recordHeaderOf(bytes, at)
    const whole = header === null ? 4 : header.length + header.record
    if (left < whole && (!queue.ended || left < 4)) {
      if (queue.ended) fault(items, queue, left, 'the file ends inside this record')
      return false
    }
    if (header === null) {
      // Padding behind the last record, or a length that lies.
      const padding = paddingAt(bytes, at)
      if (padding > 0) {
        queue.at += padding
        return true
      }
      fault(items, queue, Math.min(left, PIECE), 'a record header that is none')
      return true
    }
    if (left < whole) {
      fault(items, queue, left, 'the file ends inside this record')
      return false
    }
    if (!header.isBer) {
      fault(items, queue, whole, 'the record is not in BER')
      return true
    }
    const begin = at + header.length
    const next = readElement(bytes, begin, at + whole, element)
    const position = queue.offset
    if (next < 0) {
      queue.at = begin
      fault(items, queue, header.record, 'the record is longer than its header says')
      return true
    }
    push(
      items,
      itemOf(position, read(bytes, element), () => Buffer.from(bytes.subarray(begin, at + whole)), FORM),
    )
    queue.at = at + whole
    return true
  }
}

/** Records one behind the other, with padding between them. */
function createBareStep(queue: ByteQueue, read: Read): Step {
  const element = createElement()
  return (items) => {
    queue.at += paddingAt(queue.bytes, queue.at)
    const { bytes, at } = queue
    const left = bytes.length - at
    if (left === 0) return false
    if (left < HEAD_OF_RECORD && !queue.ended) return false
    const next = isRecordStart(bytes, at) ? readElement(bytes, at, bytes.length, element) : BROKEN
    if (next >= 0 && next - at <= LARGEST_RECORD) {
      push(
        items,
        itemOf(queue.offset, read(bytes, element), () => Buffer.from(bytes.subarray(at, next)), FORM),
      )
      queue.at = next
      return true
    }
    if (next === CUT && left <= LARGEST_RECORD) {
      if (!queue.ended) return false
      // Another record may begin in what a length that lies has covered.
      const later = nextStart(bytes, at + 1)
      fault(items, queue, (later ?? bytes.length) - at, 'the file ends inside this record')
      return later !== null
    }
    const resume = nextStart(bytes, at + 1) ?? (queue.ended ? bytes.length : bytes.length - HEAD_OF_RECORD)
    if (resume <= at) return false
    fault(items, queue, Math.min(resume - at, PIECE), 'no record can begin like this')
    return queue.at < bytes.length
  }
}

function paddingAt(bytes: Buffer, at: number): number {
  let end = at
  while (end < bytes.length && (bytes[end] === 0 || bytes[end] === 0xff)) end++
  return end - at
}

function nextStart(bytes: Buffer, from: number): number | null {
  for (let at = from; at < bytes.length; at++) if (isRecordStart(bytes, at)) return at
  return null
}
