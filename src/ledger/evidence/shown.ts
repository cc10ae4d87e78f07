/**
 * What was shown, set for reading. The text itself is what the ledger committed to; these are pages made of it by
 * rule, so that whoever holds the text can make the same page and compare.
 */

/** A part of the page: names with values, or a table. */
export interface ShownBlock {
  readonly heading: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly table: {
    readonly columns: readonly string[]
    readonly rows: readonly (readonly string[])[]
  } | null
  /** Text that has no structure we know. */
  readonly text: string | null
}

/** What a page of shown rows says in its columns, as the care desk renders them. */
const ROW_COLUMNS = [
  'record',
  'day',
  'time',
  'party',
  'category',
  'digits',
  'lasted',
  'charge (1/1000)',
  'why',
]

/** Takes the rendered text apart: JSON by its structure, anything else as it stands. */
export function shownBlocks(text: string): ShownBlock[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return [{ heading: '', facts: [], table: null, text: text.replace(/^\uFEFF/, '') }]
  }
  return blocksOf('', value)
}

/** The page of an entry: one file without script, address or picture, the same bytes for the same text. */
export function shownPage(index: number, text: string): string {
  const blocks = shownBlocks(text).map(blockHtml).join('\n')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Entry ${index}: what was shown</title>
<style>${STYLE}</style>
<h1>Entry ${index}: what was shown</h1>
<h1 lang="my">မှတ်တမ်း ${index}- ပြသခဲ့သည့် အကြောင်းအရာ</h1>
${blocks}
</html>
`
}

const STYLE =
  'body{font:16px/1.6 system-ui,"Noto Sans Myanmar",Pyidaungsu,Padauk,"Myanmar Text",sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}table{border-collapse:collapse}th,td{border-bottom:1px solid #bbb;padding:.25rem .75rem;text-align:left;vertical-align:top}dt{color:#555}dd{margin:0 0 .5rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}'

function blocksOf(heading: string, value: unknown): ShownBlock[] {
  if (Array.isArray(value)) return [tableOf(heading, value)]
  if (typeof value !== 'object' || value === null)
    return [{ heading, facts: [['', cell(value)]], table: null, text: null }]
  const fields = Object.entries(value)
  const facts = fields
    .filter(([, field]) => isPlain(field))
    .map(([name, field]) => [name, cell(field)] as const)
  const inner = fields
    .filter(([, field]) => !isPlain(field))
    .flatMap(([name, field]) => blocksOf(heading === '' ? name : `${heading} / ${name}`, field))
  return facts.length === 0 ? inner : [{ heading, facts, table: null, text: null }, ...inner]
}

function tableOf(heading: string, items: readonly unknown[]): ShownBlock {
  const width = Math.max(0, ...items.map((item) => (Array.isArray(item) ? item.length : 0)))
  if (width > 0) {
    const columns =
      width === ROW_COLUMNS.length ? ROW_COLUMNS : Array.from({ length: width }, (_, i) => String(i + 1))
    const rows = items.map((item) => columns.map((_, i) => cell(Array.isArray(item) ? item[i] : item)))
    return { heading, facts: [], table: { columns, rows }, text: null }
  }
  const names = [...new Set(items.flatMap((item) => (isRecord(item) ? Object.keys(item) : [])))]
  const columns = names.length === 0 ? [''] : names
  const rows = items.map((item) =>
    isRecord(item)
      ? columns.map((name) => cell(item[name]))
      : [cell(item), ...columns.slice(1).map(() => '')],
  )
  return { heading, facts: [], table: { columns, rows }, text: null }
}

/** A value that is one cell: words in both languages count as one. */
function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null || isWords(value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isWords(value)
}

function isWords(value: unknown): value is { en: string; my: string } {
  const { en, my } = (value ?? {}) as Record<string, unknown>
  return typeof en === 'string' && typeof my === 'string' && Object.keys(value as object).length === 2
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (isWords(value)) return value.en === value.my ? value.en : `${value.en} · ${value.my}`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function blockHtml({ heading, facts, table, text }: ShownBlock): string {
  const parts = [heading === '' ? '' : `<h2>${escapeHtml(heading)}</h2>`]
  if (facts.length > 0)
    parts.push(
      `<dl>${facts.map(([n, v]) => `<dt>${escapeHtml(n)}</dt><dd>${escapeHtml(v)}</dd>`).join('')}</dl>`,
    )
  if (table !== null) {
    const head = table.columns.map((name) => `<th>${escapeHtml(name)}</th>`).join('')
    const rows = table.rows.map((row) => `<tr>${row.map((c) => `<td>${escapeHtml(c)}</td>`).join('')}</tr>`)
    parts.push(`<table><tr>${head}</tr>\n${rows.join('\n')}\n</table>`)
  }
  if (text !== null) parts.push(`<pre>${escapeHtml(text)}</pre>`)
  return parts.filter((part) => part !== '').join('\n')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
