import type pg from 'pg'
import Type from 'typebox'
import type { App } from '../../platform/http/app.ts'
import type { Sealer } from '../../platform/sealer.ts'
import { encodeBase64 } from '../base64.ts'
import { isLost, type LogRow, openBody } from '../sealed-entry.ts'
import { readEntries } from '../store.ts'
import { readChangesOf, readLabels } from './epoch-store.ts'
import { readLinksFrom } from './link-store.ts'

/**
 * What a replay elsewhere needs, for whoever may read bodies: every entry's texts with their salts, the links, whose label
 * is whose by pseudonym, and what each epoch changed. No number is among it: that a label is the only one for a number, the
 * holder's own browser checks.
 */
export interface AuditParties {
  readonly pool: pg.Pool
  readonly sealer: Sealer
}

const LINKS_AT_ONCE = 1_000
const ENTRIES_AT_ONCE = 500

const access = { kind: 'staff', action: 'read-entry-bodies' } as const
const tags = ['ledger']
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const NullableText = Type.Union([Type.String(), Type.Null()])

const LinkView = Type.Object({
  index: Type.Integer(),
  subject: Type.String(),
  tenure: Type.String(),
  sequence: Type.Integer(),
  link: Type.String(),
  /** Which holder of the number, and the label; null while no epoch has needed it. */
  ordinal: Type.Union([Type.Integer(), Type.Null()]),
  label: NullableText,
})

const EntryView = Type.Object({
  index: Type.Integer(),
  header: NullableText,
  headerSalt: NullableText,
  body: NullableText,
  bodySalt: NullableText,
  bodyCommitment: NullableText,
  /** The 32 bytes alone, where the texts were lost in a restore. */
  lost: NullableText,
})

/** Adds them. */
export function addAuditRoutes(app: App, { pool, sealer }: AuditParties): void {
  app.get(
    '/api/ledger/texts',
    {
      config: { access },
      schema: {
        tags,
        summary: 'The texts of entries with their salts, in order: each gives its entry of the public log',
        querystring: pageOf(ENTRIES_AT_ONCE),
        response: { 200: Type.Object({ entries: Type.Array(EntryView) }) },
      },
    },
    async ({ query: { from, limit = ENTRIES_AT_ONCE } }) => ({
      entries: (await readEntries(pool, from, limit)).map((row) => viewOf(row, sealer)),
    }),
  )
  addMapRoutes(app, pool)
}

function addMapRoutes(app: App, pool: pg.Pool): void {
  app.get(
    '/api/ledger/links',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Links of all chains, in the order of the ledger, with the labels of their tenures',
        querystring: pageOf(LINKS_AT_ONCE),
        response: { 200: Type.Object({ links: Type.Array(LinkView) }) },
      },
    },
    async ({ query: { from, limit = LINKS_AT_ONCE } }) => {
      const links = await readLinksFrom(pool, from, limit)
      const labels = new Map(
        (await readLabels(pool, distinct(links))).map((row) => [`${row.subject}/${row.tenure}`, row]),
      )
      return {
        links: links.map(({ link, ...one }) => {
          const row = labels.get(`${one.subject}/${one.tenure}`)
          return {
            ...one,
            link: encodeBase64(link),
            ordinal: row?.ordinal ?? null,
            label: row === undefined ? null : encodeBase64(row.label),
          }
        }),
      }
    },
  )
  app.get(
    '/api/ledger/epochs',
    {
      config: { access },
      schema: {
        tags,
        summary: 'What one epoch changed in the map of subjects',
        querystring: Type.Object({ epoch: Count }),
        response: {
          200: Type.Object({
            changes: Type.Array(
              Type.Object({ label: Type.String(), count: Type.Integer(), link: Type.String() }),
            ),
          }),
        },
      },
    },
    async ({ query: { epoch } }) => ({
      changes: (await readChangesOf(pool, epoch)).map(({ label, count, link }) => ({
        label: encodeBase64(label),
        count,
        link: encodeBase64(link),
      })),
    }),
  )
}

function pageOf(most: number) {
  return Type.Object({ from: Count, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: most })) })
}

function distinct<T extends { subject: string; tenure: string }>(links: readonly T[]): T[] {
  return [...new Map(links.map((link) => [`${link.subject}/${link.tenure}`, link])).values()]
}

/** @throws CodedError `body-broken` for a body that was changed */
function viewOf(row: LogRow, sealer: Sealer): Type.Static<typeof EntryView> {
  if (isLost(row)) {
    const gone = { header: null, headerSalt: null, body: null, bodySalt: null, bodyCommitment: null }
    return { index: row.index, ...gone, lost: encodeBase64(row.lost) }
  }
  const opened = openBody(row, sealer)
  return {
    index: row.index,
    header: row.header,
    headerSalt: encodeBase64(row.headerSalt),
    body: opened?.text ?? null,
    bodySalt: opened === null ? null : encodeBase64(opened.salt),
    bodyCommitment: encodeBase64(row.bodyCommitment),
    lost: null,
  }
}
