import Type, { type Static } from 'typebox'
import { CodedError } from '../coded-error.ts'

/**
 * What the telephony system and we say to each other: JSON over HTTP POST, both ways with
 * `authorization: Bearer <secret in base64url>`. It posts events to `/telephony/events` and repeats an event
 * until it is answered with 2xx; we post commands to the address it was configured with.
 */
const CallId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._:-]+$' })
const Ref = Type.String({ minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9._:-]+$' })
const E164 = Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$' })
const Desk = Type.String({ minLength: 1, maxLength: 20, pattern: '^[A-Za-z0-9-]+$' })

export const TelephonyEvent = Type.Object({
  event: Type.Union([
    Type.Literal('ringing'),
    Type.Literal('answered'),
    Type.Literal('ended'),
    Type.Literal('digits'),
    Type.Literal('call-back-answered'),
    Type.Literal('call-back-failed'),
  ]),
  callId: CallId,
  number: E164,
  desk: Desk,
  /** Our own network vouches for the number; false for calls from outside or with a number merely shown. */
  networkAsserted: Type.Boolean(),
  /** ms since 1970 */
  at: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }),
  /** Of the call back or the prompt that this event answers. */
  ref: Type.Optional(Ref),
  digits: Type.Optional(Type.String({ pattern: '^[0-9]{1,12}$' })),
})
export type TelephonyEvent = Static<typeof TelephonyEvent>

export const TelephonyCommand = Type.Union([
  Type.Object({ command: Type.Literal('call-back'), number: E164, desk: Desk, ref: Ref }),
  Type.Object({
    command: Type.Literal('ask-digits'),
    callId: CallId,
    ref: Ref,
    count: Type.Integer({ minimum: 1, maximum: 12 }),
    prompt: Type.Union([Type.Literal('pin'), Type.Literal('code')]),
    language: Type.Union([Type.Literal('en'), Type.Literal('my')]),
  }),
])
export type TelephonyCommand = Static<typeof TelephonyCommand>

export type TelephonyFault = 'telephony-unreachable' | 'call-gone'

const ANSWER_WITHIN_MS = 5_000

/**
 * Posts a message to the other side.
 * @throws CodedError `call-gone` for 404 or 410, `telephony-unreachable` for every other answer but 2xx
 */
export async function post(
  url: string,
  secret: Buffer,
  message: TelephonyEvent | TelephonyCommand,
): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${secret.toString('base64url')}`,
    },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    redirect: 'error',
  }).catch((cause: unknown) => {
    const name = cause instanceof Error ? cause.name : 'error'
    throw new CodedError('telephony-unreachable', `the telephony system cannot be reached (${name})`)
  })
  await answer.body?.cancel()
  if (answer.status === 404 || answer.status === 410) throw new CodedError('call-gone', 'the call has ended')
  if (!answer.ok) {
    throw new CodedError('telephony-unreachable', `the telephony system answered ${answer.status}`)
  }
}
