import type { BesideWriter } from '../ledger/beside.ts'
import type { EntryId } from '../ledger/entry.ts'
import { CopyBuffer } from '../platform/copy-buffer.ts'
import { encodeArray } from '../platform/pg-array.ts'
import type { Step } from '../platform/pipeline.ts'

/** A page that was opened, on its way to the reader. */
export interface ShownPage {
  readonly look: string
  readonly page: number
  readonly rows: number
  readonly at: number
  /** The rendering, sealed. */
  readonly sealed: Buffer
}

/** Contacts end when nothing happened for minutes: so much later it is written down that something did. */
const ACTIVE_MS = 2_000

/**
 * Keeps the renderings of pages and counts the pages with their looks, in the transaction of their disclosures: so a
 * look's count never says more or less than the ledger. A page counts once, however often it is shown.
 */
export const shownPages: BesideWriter<ShownPage> = {
  steps: (pages) => [
    { statement: COPY_RENDERINGS, rows: copyRenderings(pages) },
    ...eachLookOnce(pages).map(countPages),
  ],
}

function copyRenderings(pages: readonly (ShownPage & { readonly entry: EntryId })[]): CopyBuffer {
  const rows = new CopyBuffer()
  for (const { entry, look, at, sealed } of pages) {
    rows.row(4)
    rows.text(entry)
    rows.text(look)
    rows.bigint(at)
    rows.bytes(sealed)
  }
  return rows
}

/** One statement cannot count two pages of one look. */
function eachLookOnce(pages: readonly ShownPage[]): ShownPage[][] {
  const parts: ShownPage[][] = []
  const turns = new Map<string, number>()
  for (const page of pages) {
    const turn = turns.get(page.look) ?? 0
    turns.set(page.look, turn + 1)
    const part = parts[turn]
    if (part === undefined) parts.push([page])
    else part.push(page)
  }
  return parts
}

function countPages(pages: readonly ShownPage[]): Step {
  return {
    statement: COUNT_PAGES,
    values: [
      encodeArray(
        'text',
        pages.map(({ look }) => look),
      ),
      `{${pages.map(({ page }) => page)}}`,
      `{${pages.map(({ rows }) => rows)}}`,
      `{${pages.map(({ at }) => at)}}`,
    ],
  }
}

const COPY_RENDERINGS = {
  name: 'care-copy-renderings',
  text: 'COPY care.rendering (entry, look, at, sealed) FROM STDIN (FORMAT binary)',
}

const COUNT_PAGES = {
  name: 'care-count-pages',
  text: `
WITH item AS (
  SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::bigint[]) AS t (look, page, rows, at)
), counted AS (
  UPDATE care.look l SET opened = true, pages = l.pages || item.page, rows_shown = l.rows_shown + item.rows
  FROM item WHERE l.id = item.look AND item.page <> ALL (l.pages)
)
UPDATE care.contact c SET active_at = item.at
FROM item JOIN care.look l ON l.id = item.look
WHERE c.id = l.contact AND c.active_at <= item.at - ${ACTIVE_MS}`,
}
