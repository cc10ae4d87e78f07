import {
  BROKEN,
  CUT,
  createElement,
  type Element,
  INDEFINITE_LENGTH,
  readElement,
  readHeader,
} from './ber.ts'
import { type ByteQueue, LARGEST_RECORD } from './byte-queue.ts'

/** One element of a file that is a single large one; or where and why reading ends. */
export interface StreamedElement {
  readonly position: number
  /** How many elements it is inside of. */
  readonly depth: number
  /** Valid until the next one is asked for. */
  readonly bytes: Buffer
  readonly at: number
  readonly next: number
  /** Set when nothing can be read from here on; `bytes` are then the ones left. */
  readonly broken: string | null
}

interface Open {
  readonly tag: number
  /** Offset in the file behind its contents; infinite when an end of contents tells. */
  readonly end: number
}

/**
 * Goes through a file that is one element of BER (a TAP or NRTRDE file), and gives the elements inside of it, in
 * batches. `opens(depth, tag)` says which application tags are gone into instead of given whole. Inside a length
 * that lies nothing is reliable, so reading ends at the first one.
 */
export async function* streamElements(
  queue: ByteQueue,
  opens: (depth: number, tag: number) => boolean,
): AsyncGenerator<StreamedElement> {
  const open: Open[] = []
  const element = createElement()
  for (;;) {
    const found = nextElement(queue, open, opens, element)
    if (found === 'more') {
      if (await queue.pull()) continue
      const rest = queue.bytes.subarray(queue.at)
      if (rest.length > 0 || open.length > 0)
        yield { ...stop(queue, open.length), broken: 'the file ends inside this record' }
      return
    }
    if (found === null) continue
    if (found === 'end') return
    yield found
    if (found.broken !== null) return
    queue.at = found.next
  }
}

function nextElement(
  queue: ByteQueue,
  open: Open[],
  opens: (depth: number, tag: number) => boolean,
  element: Element,
): StreamedElement | 'more' | 'end' | null {
  const innermost = open.at(-1)
  const { bytes, at } = queue
  if (innermost !== undefined && queue.offset >= innermost.end) {
    open.pop()
    return open.length === 0 ? 'end' : null
  }
  if (innermost?.end === Infinity && at + 2 <= bytes.length && bytes[at] === 0 && bytes[at + 1] === 0) {
    open.pop()
    queue.at += 2
    return open.length === 0 ? 'end' : null
  }
  const length = readHeader(bytes, at, bytes.length, element)
  if (length === CUT) return 'more'
  if (length === BROKEN) return { ...stop(queue, open.length), broken: 'no record can begin like this' }
  const end = length === INDEFINITE_LENGTH ? Infinity : queue.offset - at + element.start + length
  if (end !== Infinity && innermost !== undefined && end > innermost.end)
    return { ...stop(queue, open.length), broken: 'the record is longer than what it stands in' }
  if (element.tagClass === 1 && element.constructed && opens(open.length, element.tag)) {
    open.push({ tag: element.tag, end })
    queue.at = element.start
    return null
  }
  if (end !== Infinity && length > LARGEST_RECORD)
    return { ...stop(queue, open.length), broken: 'the record is longer than any record' }
  const next = readElement(bytes, at, bytes.length, element)
  if (next === CUT && bytes.length - at <= LARGEST_RECORD) return 'more'
  if (next < 0) return { ...stop(queue, open.length), broken: 'no record can begin like this' }
  return { position: queue.offset, depth: open.length, bytes, at, next, broken: null }
}

function stop(queue: ByteQueue, depth: number): Omit<StreamedElement, 'broken'> {
  const { bytes, at } = queue
  return { position: queue.offset, depth, bytes, at, next: bytes.length }
}

/** The fields of a constructed element by application tag, each with the one that came last. */
export function fieldsOf(bytes: Buffer, start: number, end: number): Map<number, Element> {
  const fields = new Map<number, Element>()
  for (const field of elementsOf(bytes, start, end)) if (field.tagClass === 1) fields.set(field.tag, field)
  return fields
}

/** The elements of a constructed one, in their order; what follows a broken one is left out. */
export function elementsOf(bytes: Buffer, start: number, end: number): Element[] {
  const elements: Element[] = []
  for (let at = start; at < end; ) {
    const element = createElement()
    const next = readElement(bytes, at, end, element)
    if (next < 0) break
    elements.push(element)
    at = next
  }
  return elements
}
