import Type, { type Static } from 'typebox'
import { DATA_FIELDS, type DataField } from '../calls/lawful-frame.ts'
import { CHECK_IDS, type CheckId } from './checks.ts'
import { IDENTIFIER_ROLES, IDENTIFIER_TYPES, URGENCIES } from './request.ts'

/** What is taken from outside, in JSON and, under other names, in XML. */

function oneOf<T extends string>(values: readonly T[]) {
  return Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))))
}
const Short = Type.String({ minLength: 1, maxLength: 120 })
const Long = Type.String({ minLength: 10, maxLength: 4000 })
const Seconds = Type.Integer({ minimum: 0, maximum: 4_102_444_800 })
const Milliseconds = Type.Integer({ minimum: 0, maximum: 4_102_444_800_000 })
const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })
export const FieldName = oneOf<DataField>(DATA_FIELDS)
export const Reasons = Type.String({ minLength: 1, maxLength: 4000 })
const Missing = Type.Array(Type.String({ minLength: 3, maxLength: 300 }), { minItems: 1, maxItems: 20 })

export const PaperBody = Type.Object(
  { date: Day, authorisedBy: Short, rank: Short },
  { additionalProperties: false },
)
const IdentifierBody = Type.Object(
  {
    type: oneOf(IDENTIFIER_TYPES),
    value: Short,
    role: oneOf(IDENTIFIER_ROLES),
    from: Seconds,
    until: Seconds,
  },
  { additionalProperties: false },
)
export const FilingBody = Type.Object(
  {
    frame: Short,
    requestNumber: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9./_-]{0,63}$' }),
    authority: Short,
    officer: Type.Object({ name: Short, rank: Short, phone: Short }, { additionalProperties: false }),
    caseNumber: Short,
    category: Short,
    offence: Short,
    basis: Short,
    paper: Type.Union([PaperBody, Type.Null()]),
    identifiers: Type.Array(IdentifierBody, { minItems: 1, maxItems: 500 }),
    fields: Type.Array(FieldName, { maxItems: DATA_FIELDS.length, uniqueItems: true }),
    asksContent: Type.Boolean(),
    necessity: Long,
    urgency: oneOf(URGENCIES),
    threatToLife: Type.Union([Type.String({ maxLength: 2000 }), Type.Null()]),
    secrecyUntil: Type.Union([Milliseconds, Type.Null()]),
    preserveOnly: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type FilingInput = Static<typeof FilingBody>

export const ScopeBody = Type.Object(
  {
    parts: Type.Array(
      Type.Object(
        { identifier: Type.Integer({ minimum: 0, maximum: 499 }), from: Seconds, until: Seconds },
        { additionalProperties: false },
      ),
      { maxItems: 500 },
    ),
    fields: Type.Array(FieldName, { maxItems: DATA_FIELDS.length, uniqueItems: true }),
  },
  { additionalProperties: false },
)
export const AnswerBody = Type.Union([
  Type.Object({ kind: Type.Literal('approve'), scope: ScopeBody }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('refuse'), ground: Short }, { additionalProperties: false }),
])

/** Base64 of a PDF of at most 5 MB; null where none is attached. */
export const LetterBody = Type.Union([Type.String({ minLength: 8, maxLength: 7_000_000 }), Type.Null()])

export const FileBody = Type.Object({ filing: FilingBody, letter: LetterBody })
export const FilterBody = Type.Union([
  Type.Object({ outcome: Type.Literal('passed'), reason: Reasons }, { additionalProperties: false }),
  Type.Object(
    { outcome: Type.Literal('refused'), reason: Reasons, ground: Short },
    { additionalProperties: false },
  ),
  Type.Object(
    { outcome: Type.Literal('returned'), reason: Reasons, missing: Missing },
    { additionalProperties: false },
  ),
])
export const ChecksBody = Type.Object({
  answers: Type.Array(
    Type.Object(
      {
        check: oneOf<CheckId>(CHECK_IDS),
        answer: Type.Union([Type.Literal('yes'), Type.Literal('no'), Type.Literal('not-applicable')]),
        reason: Reasons,
      },
      { additionalProperties: false },
    ),
    { minItems: 1, maxItems: CHECK_IDS.length },
  ),
})
export const ReturnBody = Type.Object({ missing: Missing, reason: Reasons })
export const KeyBody = Type.Object({ answer: AnswerBody, reasons: Reasons })
export const AfterReviewBody = Type.Object(
  {
    finding: Type.Union([Type.Literal('confirmed'), Type.Literal('not-confirmed')]),
    reasons: Reasons,
  },
  { additionalProperties: false },
)
export const ReasonBody = Type.Object({ reason: Reasons })
export const PaperFileBody = Type.Object({ paper: PaperBody, letter: LetterBody })
export const SecrecyBody = Type.Object({ until: Milliseconds, reason: Reasons })
export const CountBody = Type.Object({ scope: ScopeBody })
export const RecipientBody = Type.Object({
  frame: Short,
  authority: Short,
  recipient: Type.String({ minLength: 10, maxLength: 4000 }),
})
export const MisdirectedBody = Type.Object({
  frame: Short,
  authority: Short,
  officer: Short,
  how: Type.Union([
    Type.Literal('visit'),
    Type.Literal('letter'),
    Type.Literal('telephone'),
    Type.Literal('email'),
  ]),
  language: Type.Union([Type.Literal('en'), Type.Literal('my')]),
})
export const DuressBody = Type.Object({
  what: Type.String({ minLength: 10, maxLength: 4000 }),
  by: Short,
  threat: Type.String({ minLength: 3, maxLength: 4000 }),
})
export const Params = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{24}$' }) })

const Year = Type.Integer({ minimum: 2020, maximum: 2200 })
const Brokers = Type.String({ minLength: 3, maxLength: 4000 })
export const CertificateBody = Type.Object({ year: Year, brokers: Brokers })
export const SignatureBody = Type.Object({
  year: Year,
  brokers: Brokers,
  id: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  response: Type.Object({}, { additionalProperties: true }),
})
