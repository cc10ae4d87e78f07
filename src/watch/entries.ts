import Type, { type Static } from 'typebox'

/**
 * The bodies of the watch room's ledger entries. Who watched what is in the ledger as much as who looked at whom:
 * an alert when it arises, when somebody opens it, the verdict, the evening's word and its answer, and watching
 * switched off. Instants are milliseconds since 1970.
 */

export const VERDICTS = ['fine', 'coaching', 'incident'] as const
export const VerdictSchema = Type.Union([
  Type.Literal('fine'),
  Type.Literal('coaching'),
  Type.Literal('incident'),
])
export type Verdict = (typeof VERDICTS)[number]

const aboutAlert = {
  alert: Type.String(),
  /** Staff id of whom it is about. */
  staff: Type.String(),
  looks: Type.Array(Type.String()),
}
const by = { by: Type.String(), deskName: Type.String(), office: Type.String() }

export const watchEntryBodies = {
  'watch-alert': Type.Object({
    ...aboutAlert,
    why: Type.String(),
    hard: Type.Union([Type.String(), Type.Null()]),
    p: Type.Number(),
  }),
  'watch-alert-opened': Type.Object({ ...aboutAlert, ...by }),
  'watch-verdict-proposed': Type.Object({
    ...aboutAlert,
    ...by,
    verdict: VerdictSchema,
    /** Word for word. */
    says: Type.String(),
  }),
  'watch-verdict': Type.Object({
    ...aboutAlert,
    ...by,
    verdict: VerdictSchema,
    says: Type.String(),
    /** Who proposed it, where two were needed. */
    proposedBy: Type.Union([Type.String(), Type.Null()]),
  }),
  'watch-word': Type.Object({ look: Type.String(), staff: Type.String() }),
  'watch-justified': Type.Object({ look: Type.String(), staff: Type.String(), says: Type.String() }),
  'watch-off': Type.Object({ office: Type.String(), reason: Type.String(), by: Type.String() }),
  'watch-on': Type.Object({ office: Type.String(), reason: Type.String(), by: Type.String() }),
} as const

export type WatchEntryKind = keyof typeof watchEntryBodies
export type WatchEntryBody<K extends WatchEntryKind> = Static<(typeof watchEntryBodies)[K]>
