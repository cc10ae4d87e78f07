import Type, { type Static } from 'typebox'

/** What the trace desk takes and gives over HTTP. */

const closed = { additionalProperties: false } as const
const WordsView = Type.Object({ en: Type.String(), my: Type.String() }, closed)
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])

export const ColumnRoleView = Type.Union([
  Type.Literal('when'),
  Type.Literal('day'),
  Type.Literal('time'),
  Type.Literal('party'),
  Type.Literal('length'),
  Type.Literal('charge'),
  Type.Literal('ignore'),
])
const Zone = Type.Union([Type.Literal('local'), Type.Literal('utc')])
const LengthUnit = Type.Union([Type.Literal('seconds'), Type.Literal('minutes')])

export const CorrectionBody = Type.Object({
  columns: Type.Optional(Type.Array(ColumnRoleView, { maxItems: 40 })),
  heading: Type.Optional(Type.Boolean()),
  dayFirst: Type.Optional(Type.Boolean()),
  zone: Type.Optional(Zone),
  lengthUnit: Type.Optional(LengthUnit),
})

/** Room for 5,000 retyped lines, or for a workbook in base64. */
const ListText = Type.String({ minLength: 1, maxLength: 1_000_000 })
const Workbook = Type.String({ minLength: 1, maxLength: 6_000_000, pattern: '^[A-Za-z0-9+/]+={0,2}$' })

/** A list as it came: text, or a workbook's bytes. */
const list = { text: Type.Optional(ListText), workbook: Type.Optional(Workbook) }

export const ReadingBody = Type.Object({ ...list, correction: Type.Optional(CorrectionBody) })
export const TraceBody = Type.Object({
  ...list,
  incident: Type.String({ minLength: 1, maxLength: 64 }),
  subject: Type.Optional(Type.String({ minLength: 3, maxLength: 64 })),
  correction: Type.Optional(CorrectionBody),
})

export const ReadingView = Type.Object(
  {
    columns: Type.Array(ColumnRoleView),
    heading: Type.Boolean(),
    dayFirst: orNull(Type.Boolean()),
    zone: orNull(Zone),
    lengthUnit: orNull(LengthUnit),
  },
  closed,
)
export const ReadingAnswer = Type.Object(
  {
    reading: ReadingView,
    /** Lines of cells as they were told apart; at most 200 are shown. */
    cells: Type.Array(Type.Array(Type.String())),
    lines: Type.Integer(),
    rows: Type.Integer(),
    unread: Type.Array(Type.Integer()),
  },
  closed,
)

export const TraceRowView = Type.Object(
  {
    line: Type.Integer(),
    day: Type.String(),
    time: Type.String(),
    inList: Type.String(),
    /** What the best look shows of it; null where it shows nothing. */
    inLook: orNull(Type.String()),
    says: Type.Union([
      Type.Literal('fits'),
      Type.Literal('misread'),
      Type.Literal('no-digits'),
      Type.Literal('not-shown'),
    ]),
    /** Other looks that show the same digits, of those that show the row. */
    othersFit: Type.Integer(),
    others: Type.Integer(),
    factor: Type.Number(),
  },
  closed,
)

export const RivalView = Type.Object(
  {
    what: Type.Union([
      Type.Literal('look'),
      Type.Literal('mixed'),
      Type.Literal('outside'),
      Type.Literal('imitation'),
    ]),
    look: orNull(Type.String()),
    deskName: orNull(Type.String()),
    office: orNull(Type.String()),
    at: orNull(Type.Integer()),
    log10: orNull(Type.Number()),
    named: Type.Boolean(),
  },
  closed,
)

export const SourceView = Type.Object(
  {
    kind: Type.Enum(['own-copy', 'statement', 'unmasked', 'package'] as const),
    at: Type.Integer(),
    deskName: orNull(Type.String()),
    month: orNull(Type.String()),
    rows: Type.Integer(),
    /** Of a package: our serial of the request. */
    ref: Type.Optional(Type.String()),
  },
  closed,
)

export const TraceView = Type.Object(
  {
    id: Type.String(),
    incident: Type.String(),
    serial: Type.String(),
    at: Type.Integer(),
    listDigest: Type.String(),
    /** Entry numbers in the ledger. */
    begunEntry: Type.Integer(),
    answeredEntry: Type.Integer(),
    keysCommittedEntry: orNull(Type.Integer()),
    verdict: Type.Union([Type.Literal('named'), Type.Literal('suspicion'), Type.Literal('cannot-tell')]),
    why: orNull(Type.String()),
    combined: Type.Boolean(),
    named: Type.Array(
      Type.Object(
        {
          staff: Type.String(),
          deskName: Type.String(),
          looks: Type.Array(Type.String()),
          log10E: Type.Number(),
        },
        closed,
      ),
    ),
    headline: WordsView,
    beside: WordsView,
    court: WordsView,
    list: Type.Array(
      Type.Object(
        {
          line: Type.Integer(),
          text: Type.String(),
          found: Type.Union([
            Type.Literal('matched'),
            Type.Literal('doubled'),
            Type.Literal('stranger'),
            Type.Literal('unread'),
          ]),
        },
        closed,
      ),
    ),
    reading: ReadingView,
    how: Type.Object(
      {
        rows: Type.Integer(),
        matched: Type.Integer(),
        doubled: Type.Integer(),
        strangers: Type.Integer(),
        withDigits: Type.Integer(),
        withFullNumber: Type.Integer(),
        errors: Type.Number(),
        seconds: Type.Boolean(),
        exact: Type.Boolean(),
        dayFirst: Type.Boolean(),
        zone: Zone,
        lengthUnit: LengthUnit,
        /** Whether the subject was named, or found by what the list says. */
        subject: Type.Union([Type.Literal('named'), Type.Literal('incident'), Type.Literal('found')]),
        logsOpened: Type.Integer(),
        parties: Type.Integer(),
      },
      closed,
    ),
    rows: Type.Array(TraceRowView),
    rivals: Type.Array(RivalView),
    /** Base 10: what it takes to name somebody among so many. */
    threshold: Type.Number(),
    among: Type.Integer(),
    posteriors: Type.Array(
      Type.Object(
        {
          prior: Type.Number(),
          outside: Type.Number(),
          mixed: Type.Number(),
          best: Type.Number(),
        },
        closed,
      ),
    ),
    breakEven: orNull(Type.Number()),
    sources: Type.Array(SourceView),
    circumstances: orNull(
      Type.Object(
        {
          confirmedByTelephony: Type.Boolean(),
          brokenGlass: Type.Boolean(),
          channel: Type.String(),
          daysBefore: Type.Integer(),
          minutes: orNull(Type.Integer()),
          rowsShown: Type.Integer(),
          answering: orNull(Type.Integer()),
          rowsTotal: orNull(Type.Integer()),
        },
        closed,
      ),
    ),
  },
  closed,
)

export const TraceParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{24}$' }) })
export const TracesQuery = Type.Object({ incident: Type.String({ minLength: 1, maxLength: 64 }) })
export const TraceLineView = Type.Object(
  {
    id: Type.String(),
    at: Type.Integer(),
    verdict: Type.Union([Type.Literal('named'), Type.Literal('suspicion'), Type.Literal('cannot-tell')]),
    headline: WordsView,
    answeredEntry: Type.Integer(),
  },
  closed,
)
export const TracesView = Type.Object({ traces: Type.Array(TraceLineView) }, closed)

export type TraceViewData = Static<typeof TraceView>
export type TraceLineData = Static<typeof TraceLineView>
export type TraceRowData = Static<typeof TraceRowView>
export type RivalData = Static<typeof RivalView>
export type SourceData = Static<typeof SourceView>
export type ReadingAnswerData = Static<typeof ReadingAnswer>
export type ListBody = Static<typeof ReadingBody>
export type TraceBodyData = Static<typeof TraceBody>
