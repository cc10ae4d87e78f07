import smpp from 'smpp'

/** SMPP `data_coding`: the SMSC's default alphabet (GSM 03.38), or UCS-2. */
export type DataCoding = 0 | 8

export interface Segment {
  readonly dataCoding: DataCoding
  /** User data header that ties parts together, with its length byte; null for a text in one part. */
  readonly header: Buffer | null
  readonly text: string
}

/** Characters a part holds (3GPP TS 23.040, 9.2.3.24.1): alone, and beside a header of six bytes. */
const CAPACITY: Record<DataCoding, { alone: number; joined: number }> = {
  0: { alone: 160, joined: 153 },
  8: { alone: 70, joined: 67 },
}
const MOST_PARTS = 255

/**
 * Cuts a text into the parts that an SMS can carry. GSM 03.38 where every character is one septet of it, else
 * UCS-2 (every Burmese text); a character outside the basic plane is never cut in two.
 * @param reference ties the parts on the phone; only its low byte is used
 */
export function segmentText(text: string, reference: number): Segment[] {
  const dataCoding = fitsGsm(text) ? 0 : 8
  const capacity = CAPACITY[dataCoding]
  if (text.length <= capacity.alone) return [{ dataCoding, header: null, text }]
  const pieces = cut(text, capacity.joined)
  if (pieces.length > MOST_PARTS) throw new RangeError('a text has at most 255 parts')
  return pieces.map((piece, index) => ({
    dataCoding,
    header: Buffer.from([5, 0, 3, reference & 0xff, pieces.length, index + 1]),
    text: piece,
  }))
}

/** What a received part's header says (information element 00), or null for a text in one part. */
export function readConcatenation(
  elements: readonly Buffer[],
): { reference: number; parts: number; part: number } | null {
  const element = elements.find((candidate) => candidate[0] === 0 && candidate.length === 5)
  if (element === undefined) return null
  return { reference: element[2] ?? 0, parts: element[3] ?? 0, part: element[4] ?? 0 }
}

/** Characters of the extension table take two septets, which a cut could part; they go as UCS-2. */
function fitsGsm(text: string): boolean {
  return smpp.encodings.ASCII.match(text) && smpp.encodings.ASCII.encode(text).length === text.length
}

function cut(text: string, size: number): string[] {
  const pieces: string[] = []
  let from = 0
  while (from < text.length) {
    let to = Math.min(from + size, text.length)
    const last = text.charCodeAt(to - 1)
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to -= 1
    pieces.push(text.slice(from, to))
    from = to
  }
  return pieces
}
