import { createLinesFormat } from './intake-line.ts'
import type { FormatName, Reading, RecordFormat } from './record-format.ts'
import { FORMAT_MAKERS, type SourceOptions } from './source.ts'

const MAKERS: Record<FormatName, (options: SourceOptions) => RecordFormat> = {
  ...FORMAT_MAKERS,
  ndjson: createLinesFormat,
}

/** Reads the raw bytes of one quarantined record again. */
export function rereadRecord(
  options: SourceOptions,
): (raw: Buffer, form: { format: string; head: string }) => Reading {
  const formats = new Map<string, RecordFormat | null>()
  return (raw, { format, head }) => {
    // A map that is given now reads delimited lines; without one they wait on.
    if (format === 'delimited' && options.map === null)
      return 'a column map is needed to read it again (--map)'
    let known = formats.get(format)
    if (known === undefined) {
      known = Object.hasOwn(MAKERS, format) ? MAKERS[format as FormatName](options) : null
      formats.set(format, known)
    }
    return known === null ? `there is no format ${format}` : known.reread(raw, head)
  }
}
