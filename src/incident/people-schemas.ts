import Type, { type Static } from 'typebox'
import { COUNTERPARTS, SORTS, WAYS } from './communications-rules.ts'
import { DEED_CHECKS, REPRESENTATIVE_KINDS } from './representative-rules.ts'

/** The shapes of what is asked and answered about the people of a case. */

const closed = { additionalProperties: false } as const
const Instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])
const Clock = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 48 })
const LanguageCode = Type.Union([Type.Literal('en'), Type.Literal('my')])
const Words = Type.Object({ en: Type.String(), my: Type.String() }, closed)

export const CommunicationBody = Type.Object(
  {
    direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
    with: Type.Enum(COUNTERPARTS),
    name: Type.String({ maxLength: 200 }),
    via: Type.Enum(WAYS),
    sort: Type.Union([Type.Literal('message'), Type.Literal('finding')]),
    says: Type.String({ minLength: 1, maxLength: 10_000 }),
    at: Type.Optional(Instant),
    nextAt: Type.Optional(orNull(Instant)),
    past: Type.Optional(orNull(Type.String({ maxLength: 1000 }))),
  },
  closed,
)
export type CommunicationAsked = Static<typeof CommunicationBody>

export const DraftBody = Type.Object({ clock: Clock, language: LanguageCode }, closed)
export const NoticeBody = Type.Object(
  {
    clock: Clock,
    texts: Type.Record(Type.String({ pattern: '^[a-z0-9-]{1,48}$' }), Type.String({ maxLength: 10_000 }), {
      maxProperties: 40,
    }),
  },
  closed,
)
export const SendingBody = Type.Object(
  {
    clock: Clock,
    via: Type.Enum(WAYS),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    says: Type.String({ minLength: 10, maxLength: 4000 }),
  },
  closed,
)
export const RepresentationBody = Type.Object(
  {
    name: Type.String({ minLength: 2, maxLength: 200 }),
    kind: Type.Enum(REPRESENTATIVE_KINDS),
    licence: Type.String({ minLength: 1, maxLength: 100 }),
    contact: Type.Object(
      {
        kind: Type.Union([Type.Literal('telephone'), Type.Literal('email')]),
        to: Type.String({ minLength: 3, maxLength: 200 }),
      },
      closed,
    ),
    checks: Type.Array(Type.Enum(DEED_CHECKS), { maxItems: DEED_CHECKS.length }),
    untilAt: Instant,
    deed: Type.String({ minLength: 8, maxLength: 6_000_000 }),
    says: Type.String({ minLength: 10, maxLength: 4000 }),
  },
  closed,
)
export const EndingBody = Type.Object(
  {
    representation: Type.String({ pattern: '^[0-9a-f]{24}$' }),
    says: Type.String({ minLength: 10, maxLength: 4000 }),
  },
  closed,
)
export const DeedParams = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{24}$' }),
    representation: Type.String({ pattern: '^[0-9a-f]{24}$' }),
  },
  closed,
)
export const LinkView = Type.Object({ link: Type.String() }, closed)
export const DoneView = Type.Object({ done: Type.Literal(true) }, closed)

const SaidView = Type.Object(
  {
    id: Type.String(),
    direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
    with: Type.Enum(COUNTERPARTS),
    name: Type.String(),
    via: Type.Enum(WAYS),
    sort: Type.Enum(SORTS),
    says: Type.String(),
    at: Type.Integer(),
    filedAt: Type.Integer(),
    nextAt: orNull(Type.Integer()),
    clock: orNull(Type.String()),
    past: orNull(Type.String()),
    deskName: Type.String(),
    digest: Type.String(),
  },
  closed,
)
const NoticeView = Type.Object(
  {
    clock: Type.String(),
    words: Words,
    to: Type.Union([Type.Literal('authority'), Type.Literal('customer')]),
    dueAt: orNull(Type.Integer()),
    sentAt: orNull(Type.Integer()),
    form: Type.Object({ name: Words, source: Type.String() }, closed),
    fields: Type.Array(
      Type.Object({ id: Type.String(), words: Words, optional: Type.Boolean(), text: Type.String() }, closed),
    ),
    draft: orNull(
      Type.Object({ by: Type.String(), savedAt: Type.Integer(), language: LanguageCode }, closed),
    ),
    missing: Type.Array(Type.String()),
  },
  closed,
)
const RepresentationView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    kind: Type.Enum(REPRESENTATIVE_KINDS),
    licence: Type.String(),
    contact: Type.String(),
    says: Type.String(),
    digest: Type.String(),
    openedBy: Type.String(),
    openedAt: Type.Integer(),
    untilAt: Type.Integer(),
    endedAt: orNull(Type.Integer()),
    endedBy: orNull(Type.Union([Type.Literal('customer'), Type.Literal('officer'), Type.Literal('time')])),
    enrolledAt: orNull(Type.Integer()),
    speaks: Type.Boolean(),
  },
  closed,
)
/** Everything about the people of a case, for its page in the console. */
export const PeopleView = Type.Object(
  {
    said: Type.Array(SaidView),
    notices: Type.Array(NoticeView),
    representations: Type.Array(RepresentationView),
    /** When she was promised to hear again. */
    nextAt: orNull(Type.Integer()),
    /** Whether it is known whose log it is about. */
    customerKnown: Type.Boolean(),
    represented: Type.Boolean(),
  },
  closed,
)
export type PeopleViewData = Static<typeof PeopleView>
