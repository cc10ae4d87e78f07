import Type, { type Static } from 'typebox'

/**
 * The bodies of the care desk's ledger entries. The subject's own page is rendered from them, so every word of
 * them may be shown to her: who is a desk name and an office, rows are named by day, minute and charge, and
 * which digits or flags were visible is not in here but in the sealed rendering that `rendering` commits to.
 * Instants are milliseconds since 1970; money is thousandths of the major unit.
 */

const base = {
  contact: Type.String(),
  /** Staff id; pages show `deskName`. */
  staff: Type.String(),
  deskName: Type.String(),
  office: Type.String(),
  at: Type.Integer(),
  channel: Type.String(),
  /** The telephony system said that this number was on this desk's line. */
  confirmedByTelephony: Type.Boolean(),
}
const look = {
  ...base,
  grant: Type.String(),
  purpose: Type.String(),
  /** Bill period, `2026-08`. */
  month: Type.String(),
  /** Whose chain it is a link of, by the vault's name of the tenure; entries of before chains do not say it. */
  tenure: Type.Optional(Type.String()),
}

export const ContactOpenedBody = Type.Object({ ...base, ticket: Type.Optional(Type.String()) })
export const ContactVerifiedBody = Type.Object({
  ...base,
  /** `network-call`, `sms-code`, `pin`, `passphrase`, `call-back`, `photo-id`. */
  factor: Type.String(),
  passed: Type.Boolean(),
  /** The rung reached with this: `none`, `phone`, `person`. */
  rung: Type.String(),
  state: Type.String(),
  policyVersion: Type.Integer(),
  /** The second clerk's staff id and desk name, where a photo ID needed one. */
  second: Type.Optional(Type.Object({ staff: Type.String(), deskName: Type.String() })),
})
export const VerificationStartedBody = Type.Object({
  ...base,
  factor: Type.String(),
  policyVersion: Type.Integer(),
})
export const ContactClosedBody = Type.Object({
  ...base,
  state: Type.String(),
  resolution: Type.Union([Type.String(), Type.Null()]),
  /** Word for word what the champion wrote. */
  note: Type.String(),
})
/** What she allowed with her own key and her signature of it; bytes are base64. */
export const SignedAllowanceBody = Type.Object({
  allowance: Type.Object({
    v: Type.Literal(1),
    grant: Type.String(),
    contact: Type.String(),
    number: Type.String(),
    tenure: Type.String(),
    deskName: Type.String(),
    office: Type.String(),
    purpose: Type.String(),
    question: Type.String(),
    month: Type.String(),
    from: Type.Integer(),
    to: Type.Integer(),
    until: Type.Integer(),
    says: Type.String(),
    language: Type.String(),
  }),
  nonce: Type.String(),
  key: Type.Object({
    credential: Type.String(),
    algorithm: Type.Union([Type.Literal('ES256'), Type.Literal('EdDSA')]),
    publicKey: Type.String(),
    enrolledBy: Type.Integer(),
  }),
  origin: Type.String(),
  authenticatorData: Type.String(),
  clientData: Type.String(),
  signature: Type.String(),
})
export const GrantEntryBody = Type.Object({
  ...look,
  question: Type.String(),
  /** Local days and tariff categories the caller questions, picked from the bill. */
  days: Type.Array(Type.String()),
  categories: Type.Array(Type.String()),
  note: Type.String(),
  rung: Type.String(),
  outcome: Type.String(),
  endsAt: Type.Integer(),
  brokenGlass: Type.Boolean(),
  /** Where she allowed it with her own key: what she allowed, and her signature (`src/ledger/allowance.ts`). */
  ownKey: Type.Optional(SignedAllowanceBody),
})
/** Her phone got a link, to allow one look with her own key. */
export const OwnKeyAskedBody = Type.Object({
  ...base,
  ask: Type.String(),
  grant: Type.String(),
  purpose: Type.String(),
  month: Type.String(),
  policyVersion: Type.Integer(),
})
/** Her phone got a link, to make a key in the shop she is in. */
export const OwnKeyOfferedBody = Type.Object({ ...base, ask: Type.String(), policyVersion: Type.Integer() })
/** She refused a look that was to be allowed with her own key. */
export const OwnKeyRefusedBody = Type.Object({
  ...base,
  ask: Type.String(),
  grant: Type.String(),
  policyVersion: Type.Integer(),
})
/** Written, signed and covered by a checkpoint before anything is opened. */
export const RevealBody = Type.Object({
  ...look,
  what: Type.Union([Type.Literal('bill'), Type.Literal('rows')]),
  page: Type.Union([Type.Integer(), Type.Null()]),
  fields: Type.Array(Type.String()),
})
export const MatchBody = Type.Object({
  ...look,
  /** The number that was asked about, as E.164: she is told. */
  number: Type.String(),
  day: Type.Union([Type.String(), Type.Null()]),
})
/** `row` names the row within the look; its day and minute stand in the disclosure. */
export const UnmaskBody = Type.Object({ ...look, row: Type.String() })
export const StatementBody = Type.Object({
  ...look,
  statement: Type.String(),
  language: Type.String(),
  sentBy: Type.Union([Type.Literal('text'), Type.Literal('email')]),
})
/** After the opening and before the bytes leave. */
export const DisclosureBody = Type.Object({
  ...look,
  of: Type.Union([
    Type.Literal('bill'),
    Type.Literal('rows'),
    Type.Literal('match'),
    Type.Literal('unmask'),
    Type.Literal('statement'),
  ]),
  /** The ledger's id of the entry that allowed it. */
  reveal: Type.String(),
  fields: Type.Array(Type.String()),
  /** Rows this disclosure showed, in the look so far, and in the period. */
  rowsShown: Type.Integer(),
  rowsShownInLook: Type.Integer(),
  rowsTotal: Type.Integer(),
  rows: Type.Array(
    Type.Object({
      day: Type.String(),
      minute: Type.String(),
      chargeMilli: Type.Union([Type.Integer(), Type.Null()]),
    }),
  ),
  /** For `match`: what was answered. */
  answer: Type.Optional(Type.String()),
  /** Hex of SHA-256 over salt and the exact rendering; both stay sealed until an incident opens them. */
  rendering: Type.String(),
})
export const GrantEndedBody = Type.Object({
  ...look,
  /** `contact-closed`, `call-ended`, `time`, `sign-out`, `access-ended` (frozen or dismissed), `abandoned`. */
  reason: Type.String(),
  rowsShown: Type.Integer(),
  rowsTotal: Type.Union([Type.Integer(), Type.Null()]),
})
export const BreakGlassEntryBody = Type.Object({
  ...base,
  breakGlass: Type.String(),
  event: Type.Union([
    Type.Literal('broken'),
    Type.Literal('justified'),
    Type.Literal('overdue'),
    Type.Literal('reviewed'),
  ]),
  /** Word for word: the reason, the justification or the review's note. */
  says: Type.String(),
  finding: Type.Union([Type.String(), Type.Null()]),
})
/** A refusal names no subject: it is about who asked. */
export const RefusalEntryBody = Type.Object({
  staff: Type.String(),
  deskName: Type.String(),
  office: Type.String(),
  at: Type.Integer(),
  asked: Type.String(),
  code: Type.String(),
})
export const ApprovalEntryBody = Type.Object({
  ...base,
  approval: Type.String(),
  about: Type.String(),
  approved: Type.Boolean(),
  says: Type.String(),
})

/** Entry kind to the schema of its body. */
export const careEntryBodies = {
  'contact-opened': ContactOpenedBody,
  'contact-verified': ContactVerifiedBody,
  'verification-started': VerificationStartedBody,
  'contact-closed': ContactClosedBody,
  grant: GrantEntryBody,
  'own-key-asked': OwnKeyAskedBody,
  'own-key-offered': OwnKeyOfferedBody,
  'own-key-refused': OwnKeyRefusedBody,
  reveal: RevealBody,
  match: MatchBody,
  unmask: UnmaskBody,
  statement: StatementBody,
  disclosure: DisclosureBody,
  'grant-ended': GrantEndedBody,
  'break-glass': BreakGlassEntryBody,
  'care-refusal': RefusalEntryBody,
  approval: ApprovalEntryBody,
} as const

export type CareEntryKind = keyof typeof careEntryBodies
export type CareEntryBody<K extends CareEntryKind> = Static<(typeof careEntryBodies)[K]>
