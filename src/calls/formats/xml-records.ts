import { type ByteQueue, createByteQueue, LARGEST_RECORD } from './byte-queue.ts'
import { itemOf, type Reading, type RecordFormat } from './record-format.ts'

/**
 * A format of XML elements of one name, one or many a file. Only what call records have is understood: elements,
 * text, the five entities and character references. There are no document types, so nothing can expand.
 */
export function createXmlFormat(
  format: string,
  element: string,
  read: (inner: string) => Reading,
): RecordFormat {
  const form = { format, head: '' }
  const readElement = (raw: Buffer): Reading => {
    const text = raw.toString('utf8')
    const begin = text.indexOf('>')
    const end = text.lastIndexOf('</')
    return begin === -1 || end <= begin ? 'the element is not whole' : read(text.slice(begin + 1, end))
  }
  return {
    async *read(bytes) {
      const queue = createByteQueue(bytes)
      for await (const { position, raw, reason } of elementsOf(queue, element)) {
        const item = itemOf(position, reason ?? readElement(raw), () => raw, form)
        yield item === null ? [] : [item]
      }
    },
    reread: readElement,
  }
}

async function* elementsOf(
  queue: ByteQueue,
  name: string,
): AsyncGenerator<{ position: number; raw: Buffer; reason: string | null }> {
  const close = Buffer.from(`</${name}>`)
  for (;;) {
    const begin = openingOf(queue.bytes, name, queue.at)
    if (begin === -1) {
      queue.at = Math.max(queue.at, queue.bytes.length - name.length - 2)
      if (await queue.pull()) continue
      return
    }
    queue.at = begin
    let end = -1
    for (let seen = 0; ; ) {
      end = queue.bytes.indexOf(close, queue.at + Math.max(0, seen - close.length))
      seen = queue.bytes.length - queue.at
      if (end !== -1 || seen > LARGEST_RECORD || !(await queue.pull())) break
    }
    const length = end === -1 ? queue.bytes.length - queue.at : end + close.length - queue.at
    const reason =
      length > LARGEST_RECORD
        ? 'the record is longer than any record'
        : end === -1
          ? 'the file ends inside this record'
          : null
    yield {
      position: queue.offset,
      raw: Buffer.from(queue.bytes.subarray(queue.at, queue.at + length)),
      reason,
    }
    queue.at += length
  }
}

function openingOf(bytes: Buffer, name: string, from: number): number {
  const open = Buffer.from(`<${name}`)
  for (let at = bytes.indexOf(open, from); at !== -1; at = bytes.indexOf(open, at + 1)) {
    const next = bytes[at + open.length]
    if (next === 0x3e || next === 0x20 || next === 0x0a || next === 0x0d || next === 0x09) return at
  }
  return -1
}

/** What stands in the first child of that name; null without one. */
export function childText(text: string, name: string): string | null {
  const open = new RegExp(`<${name}(?:\\s[^<>]*)?>`).exec(text)
  if (open === null) return null
  const begin = open.index + open[0].length
  const end = text.indexOf(`</${name}>`, begin)
  return end === -1 ? null : text.slice(begin, end)
}

/** The texts of the children of the first child of that name. */
export function childrenOf(text: string, name: string): Map<string, string> {
  const children = new Map<string, string>()
  const inner = childText(text, name)
  if (inner === null) return children
  const opening = /<([A-Za-z_][A-Za-z0-9_.-]{0,100})>/g
  for (let open = opening.exec(inner); open !== null; open = opening.exec(inner)) {
    const begin = opening.lastIndex
    const end = inner.indexOf('<', begin)
    if (end === -1) break
    if (inner.startsWith(`</${open[1]}>`, end)) children.set(open[1]!, plainText(inner.slice(begin, end)))
  }
  return children
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function plainText(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});/g, (whole, name: string) => {
    const known = ENTITIES[name]
    if (known !== undefined) return known
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
