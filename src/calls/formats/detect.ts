import { isAsteriskRow } from './asterisk.ts'
import { BROKEN, CUT, createElement, readHeader } from './ber.ts'
import { hasFileHeader, isRecordStart } from './charging-file.ts'
import { type DelimitedLine, LineSplitter } from './delimited-lines.ts'
import { isFreeswitchRow } from './freeswitch.ts'
import type { FormatName } from './record-format.ts'

const APPLICATION_1 = 0x61
const TAP_CHILDREN = new Set([3, 4, 5, 6, 15])
const NRTRDE_VERSION = 41
/** The first rows are looked for in so many bytes, a piece at a time: they mostly stand in the first. */
const ROWS_BYTES = 32 * 1024
const PIECE = 1024

/** What format a file's first bytes (some 64 KiB) are of, or null when they are of none that is known by content. */
export function detectFormat(head: Buffer): FormatName | null {
  if (head[0] === APPLICATION_1 || head[0] === 0x62) return roamingFormat(head)
  if (hasFileHeader(head) || isRecordStart(head, paddingOf(head))) return 'ts32298'
  return textFormat(head)
}

/** TAP and NRTRDE both begin with [APPLICATION 1]; what stands first in it tells which. */
function roamingFormat(head: Buffer): FormatName | null {
  const element = createElement()
  const length = readHeader(head, 0, head.length, element)
  if (length === BROKEN || length === CUT) return null
  const first = readHeader(head, element.start, head.length, element)
  if (first === BROKEN || first === CUT || element.tagClass !== 1) return null
  if (element.tag === NRTRDE_VERSION) return 'nrtrde'
  return head[0] === 0x62 || TAP_CHILDREN.has(element.tag) ? 'tap3' : null
}

function paddingOf(head: Buffer): number {
  let at = 0
  while (at < head.length && (head[at] === 0 || head[at] === 0xff)) at++
  return at
}

function textFormat(head: Buffer): FormatName | null {
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  if (text.startsWith('<')) return /<cdr[\s>]/.test(text.slice(0, 4096)) ? 'freeswitch-xml' : null
  if (text.startsWith('{') || text.startsWith('[')) {
    return /"(core-uuid|channel_data|variables|callflow)"\s*:/.test(text)
      ? 'freeswitch-json'
      : jsonLines(text)
  }
  return rowFormat(text)
}

function jsonLines(text: string): FormatName | null {
  const first = text.slice(0, Math.max(text.indexOf('\n'), 0) || text.length)
  return /"kind"\s*:/.test(first) && /"start"\s*:/.test(first) ? 'ndjson' : null
}

/** The first whole rows: one of a known shape is enough, for the very first may be damaged. */
function rowFormat(text: string): FormatName | null {
  const lines: DelimitedLine[] = []
  const splitter = new LineSplitter(',', '"')
  for (let at = 0; at < ROWS_BYTES && at < text.length && lines.length < 5; at += PIECE) {
    splitter.push(text.slice(at, Math.min(at + PIECE, ROWS_BYTES)), lines)
  }
  if (lines.length === 0) splitter.end(lines)
  for (const { fields } of lines.slice(0, 5)) {
    if (isAsteriskRow(fields)) return 'asterisk-csv'
    if (isFreeswitchRow(fields)) return 'freeswitch-csv'
  }
  return null
}
