import { type DelimitedLine, LineSplitter } from './delimited-lines.ts'
import { utf8 } from './delimited-row.ts'
import { itemOf, type Reading, type RecordFormat } from './record-format.ts'

/** A format of lines whose columns are known: `read` makes a record of a row's fields, or says why it is none. */
export function createRowFormat(
  format: string,
  read: (fields: readonly string[]) => Reading,
  { delimiter, quote }: { delimiter: string; quote: string | null } = { delimiter: ',', quote: '"' },
): RecordFormat {
  const readLine = (line: DelimitedLine): Reading => line.fault ?? read(line.fields.map(utf8))
  const form = { format, head: '' }
  const itemsOf = (lines: readonly DelimitedLine[]) =>
    lines.flatMap((line) => {
      const reading = readLine(line)
      const cut = !line.ended && typeof reading === 'string'
      return (
        itemOf(line.position, cut ? CUT_LINE : reading, () => Buffer.from(line.raw, 'latin1'), form) ?? []
      )
    })
  return {
    async *read(bytes) {
      const splitter = new LineSplitter(delimiter, quote)
      let lines: DelimitedLine[] = []
      for await (const chunk of bytes) {
        splitter.push(chunk.toString('latin1'), lines)
        yield itemsOf(lines)
        lines = []
      }
      splitter.end(lines)
      yield itemsOf(lines)
    },
    reread(raw) {
      const lines: DelimitedLine[] = []
      const splitter = new LineSplitter(delimiter, quote)
      splitter.push(raw.toString('latin1'), lines)
      splitter.end(lines)
      return lines.length === 1 ? readLine(lines[0]!) : 'it is not one line'
    },
  }
}

const CUT_LINE = 'the file ends inside this line'
