import Type, { type Static } from 'typebox'

/**
 * The bodies of the trace desk's ledger entries. Their headers say nothing (kind `other`, no office): while a case is
 * open, nobody may read from the times that a log was traced. Instants are milliseconds since 1970.
 */

const By = Type.Union([
  Type.Object({ staff: Type.String(), deskName: Type.String(), office: Type.String() }),
  Type.Object({ system: Type.String() }),
])

/** Before any log or mask key is opened: the list is fixed. */
export const TraceBegunBody = Type.Object({
  trace: Type.String(),
  incident: Type.String(),
  /** Hex of SHA-256 over the list as it came. */
  listDigest: Type.String(),
  lines: Type.Integer(),
  by: By,
})
/** One for each log that is opened, the subject's and others'; with the opening itself beside it. */
export const TraceLogOpenedBody = Type.Object({
  trace: Type.String(),
  incident: Type.String(),
  why: Type.Union([
    Type.Literal('match-rows'),
    Type.Literal('find-subject'),
    Type.Literal('leak-path'),
    Type.Literal('decoy'),
  ]),
  by: By,
})
export const TraceAnsweredBody = Type.Object({
  trace: Type.String(),
  incident: Type.String(),
  listDigest: Type.String(),
  /** Ledger id of the entry that began it. */
  begun: Type.String(),
  verdict: Type.String(),
  /** The people named, by staff id, with the looks one of which it was. */
  named: Type.Array(
    Type.Object({ staff: Type.String(), deskName: Type.String(), looks: Type.Array(Type.String()) }),
  ),
  rows: Type.Integer(),
  matched: Type.Integer(),
  among: Type.Integer(),
  /** The highest base 10 logarithm of an e-value, to three places; null without a look. */
  log10E: Type.Union([Type.Number(), Type.Null()]),
  /** Ledger id of the entry that committed to the mask keys before the looks; null when none did. */
  keysCommitted: Type.Union([Type.String(), Type.Null()]),
  by: By,
})
/** SHA-256 of each mask key under a tag of its own: 32 random bytes are not guessed from it. */
export const MaskKeysCommittedBody = Type.Object({
  day: Type.String(),
  digests: Type.Record(Type.String(), Type.String()),
})
export const PathSearchedBody = Type.Object({
  search: Type.String(),
  incident: Type.String(),
  from: Type.String(),
  logsOpened: Type.Integer(),
  budget: Type.Integer(),
  links: Type.Union([Type.Integer(), Type.Null()]),
  decoysAsGood: Type.Integer(),
  decoys: Type.Integer(),
  by: By,
})

/** Entry kind to the schema of its body. */
export const traceEntryBodies = {
  'trace-begun': TraceBegunBody,
  'trace-log-opened': TraceLogOpenedBody,
  'trace-answered': TraceAnsweredBody,
  'mask-keys-committed': MaskKeysCommittedBody,
  'path-searched': PathSearchedBody,
} as const

export type TraceEntryKind = keyof typeof traceEntryBodies
export type TraceEntryBody<K extends TraceEntryKind> = Static<(typeof traceEntryBodies)[K]>
