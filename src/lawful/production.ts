import type { E164, OtherParty } from '../calls/call-record.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { PSEUDONYM_KEY, type Subject, subjectOf } from '../vault/subject.ts'
import type { OpenedRow } from '../vault/vault.ts'
import { loadRequest, moveRequest } from './book.ts'
import type { DisclosedHolder, DisclosedRow, Disclosure } from './etsi-write.ts'
import { digestOf, encryptTo, type MadePackage, makePackage } from './package.ts'
import { type By, frameOf, type Held, type LawfulParties, requestEntry } from './parties.ts'
import type { Scope } from './request.ts'
import { step } from './rules.ts'
import { daysOf, isWhole, numbersOf, opensByCount } from './scope.ts'
import { sealSlots } from './slots.ts'
import { type Span, spansOf, vaultFields } from './spans.ts'
import { insertDisclosure, insertPackage, readKeyOf, readPackage } from './store.ts'

/**
 * Production. Nobody writes the query: it is the scope that both keys turned for. For each stretch of each number
 * an entry says what is opened, its receipt opens the vault, and only approved fields come out.
 */

/** What a package disclosed, counted. */
export interface PackageFacts {
  readonly numbers: number
  readonly days: number
  readonly rows: number
  readonly people: number
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[]
}

/** Makes the package of an approved request. */
export async function produce(room: LawfulParties, staff: StaffFacts, id: string): Promise<Held | Refusal> {
  const held = await loadRequest(room, room.db, id)
  if (isRefusal(held)) return held
  const frame = frameOf(room, held.case.filing.frame)
  const decide = (one: Held['case']) =>
    step(one, { do: 'produce' }, { now: room.clock.now(), frame, actor: staff })
  const allowed = decide(held.case)
  if (isRefusal(allowed)) return allowed
  const { filing } = held.case
  const key = await readKeyOf(room.db, filing.frame, filing.authority)
  if (key === null)
    return refuse(
      'no-recipient-key',
      'No key of this authority is registered to encrypt to.',
      'Register one: two people, after a call back to the number in our directory.',
    )
  const opened = await openScope(room, held, held.case.scope!, by(staff))
  const at = room.clock.now()
  const made = makeArchive(room, held, opened.disclosure, at)
  const delivered = await encryptTo(key.recipient, made.archive)
  const facts = factsOf(held, opened.disclosure, made.files)
  const { numbers, days, rows } = facts
  const digest = digestOf(delivered)
  const says = {
    by: { ...by(staff) },
    digest,
    archive: digestOf(made.archive),
    key: key.id,
    opened: [...opened.entries],
    people: facts.people,
    files: facts.files.map((file) => ({ ...file })),
  }
  return moveRequest(
    room,
    id,
    ({ case: one }) => decide(one),
    (_, after) => [
      requestEntry(room, 'request-produced', after, says, {
        at,
        actor: staff.id,
        counts: { numbers, days, rows },
      }),
    ],
    async (trx) => {
      const sealed = { archive: made.archive, delivered, facts: Buffer.from(JSON.stringify(facts)) }
      await keepPackage(room, trx, { id, at, keyId: key.id, digest, ...sealed })
      for (const told of opened.told.values()) await keepForLater(room, trx, id, told)
    },
  )
}

function makeArchive(room: LawfulParties, held: Held, disclosure: Disclosure, at: number): MadePackage {
  const { filing, scope } = held.case
  const frame = frameOf(room, filing.frame)
  return makePackage({
    serial: held.serial,
    case: held.case,
    frame,
    head: {
      countryCode: frame.countryCode,
      organisation: frame.gate.id,
      requestNumber: filing.requestNumber,
      provider: room.operatorName,
      at,
    },
    disclosure,
    operatorName: room.operatorName,
    outcome: isWhole(scope!, filing) ? 'whole' : 'part',
    offsetMinutes: room.offsetMinutes,
    key: { name: packageKeyName(room), ...signer(room) },
  })
}

function factsOf(
  { case: { scope } }: Held,
  { rows }: Disclosure,
  files: PackageFacts['files'],
): PackageFacts {
  const others = rows.flatMap(({ other }) => (other === undefined || other === '' ? [] : [other]))
  return {
    numbers: numbersOf(scope!),
    days: daysOf(scope!),
    rows: rows.length,
    people: new Set(others).size,
    files,
  }
}

async function keepPackage(
  room: LawfulParties,
  trx: Trx,
  made: {
    id: string
    at: number
    keyId: string
    digest: string
    archive: Buffer
    delivered: Buffer
    facts: Buffer
  },
): Promise<void> {
  const seal = (part: 'archive' | 'delivered' | 'facts'): Buffer =>
    room.keys.sealer.seal('lawful-package', `${made.id}:${part}`, made[part])
  await insertPackage(trx, {
    request: made.id,
    made_at: made.at,
    key_id: made.keyId,
    archive: seal('archive'),
    delivered: seal('delivered'),
    digest: made.digest,
    facts: seal('facts'),
    fetched_at: null,
  })
}

async function keepForLater(room: LawfulParties, trx: Trx, id: string, told: ToldLater): Promise<void> {
  const context = `${id}:${told.tenure}`
  const sealed = room.keys.sealer.seal('lawful-disclosure', context, Buffer.from(JSON.stringify(told)))
  await insertDisclosure(trx, { request: id, tenure: told.tenure, sealed, told_at: null, slot: null })
}

/** What a holder is told one day. */
export interface ToldLater {
  readonly tenure: string
  readonly subject: string
  readonly from: number
  readonly until: number
  readonly rows: number
}

interface Opened {
  readonly disclosure: Disclosure
  readonly entries: readonly string[]
  readonly told: ReadonlyMap<string, ToldLater>
}

async function openScope(room: LawfulParties, held: Held, scope: Scope, who: By): Promise<Opened> {
  const { identifiers } = held.case.filing
  const rows: DisclosedRow[] = []
  const holders: DisclosedHolder[] = []
  const entries: string[] = []
  const told = new Map<string, ToldLater>()
  for (const part of scope.parts) {
    const number = identifiers[part.identifier]!.value as E164
    const subject = subjectOf(room.keys.prfKey(PSEUDONYM_KEY), number)
    const spans = spansOf(subject, await room.customers.holders(room.db, subject), part)
    for (const span of spans) {
      const { entry, opened } = await openSpan(room, held, subject, span, scope, who)
      entries.push(entry)
      rows.push(...opened.map((row) => ({ identifier: part.identifier, ...row })))
      if (scope.fields.includes('holder'))
        holders.push({
          identifier: part.identifier,
          name: span.holder?.name.latn ?? null,
          from: span.from,
          until: span.until,
        })
      if (span.holder === null) continue
      const before = told.get(span.tenure)
      told.set(span.tenure, {
        tenure: span.tenure,
        subject,
        from: Math.min(before?.from ?? span.from, span.from),
        until: Math.max(before?.until ?? span.until, span.until),
        rows: (before?.rows ?? 0) + opened.length,
      })
    }
  }
  return { disclosure: { identifiers, rows, holders }, entries, told }
}

async function openSpan(
  room: LawfulParties,
  held: Held,
  subject: Subject,
  { tenure, from, until }: Span,
  { fields }: Scope,
  who: By,
): Promise<{ entry: string; opened: Omit<DisclosedRow, 'identifier'>[] }> {
  const opening = { subject, tenure, from, until, fields: vaultFields(fields) }
  const draft = requestEntry(
    room,
    'request-opened',
    held,
    { by: { ...who }, fields: [...fields], from, until },
    {
      at: room.clock.now(),
      actor: who.id,
    },
  )
  const entry = await room.ledger.record({ ...draft, opening })
  const receipt = await room.ledger.receiptFor(entry)
  const opened = await room.vault.open<string>(receipt, { other: ({ other }) => otherText(other) })
  return { entry, opened: opened.map(({ name: _, ...row }: OpenedRow<string>) => row) }
}

/** The other party as it is handed over: E.164, a short code, a sender's name, or nothing. */
function otherText(other: OtherParty): string {
  switch (other.kind) {
    case 'number':
      return other.number
    case 'short-code':
      return other.code
    case 'name':
      return other.name
    default:
      return ''
  }
}

/** Releases what somebody else produced: from now on the regulator's officers can fetch it. */
export async function release(room: LawfulParties, staff: StaffFacts, id: string): Promise<Held | Refusal> {
  const at = room.clock.now()
  return moveRequest(
    room,
    id,
    ({ case: one }) =>
      step(one, { do: 'release' }, { now: at, frame: frameOf(room, one.filing.frame), actor: staff }),
    () => [],
    async (trx, after, append) => {
      const stored = await readPackage(trx, id)
      const facts = openFacts(room, id, stored!.facts)
      const outcome =
        facts.rows === 0 ? 'no-data' : isWhole(after.case.scope!, after.case.filing) ? 'full' : 'part'
      await append(
        requestEntry(
          room,
          'request-delivered',
          after,
          { by: { ...by(staff) }, digest: stored!.digest },
          {
            at,
            actor: staff.id,
            outcome,
            elapsed: true,
            counts: {
              ...{ numbers: facts.numbers, days: facts.days, rows: facts.rows },
              ...(after.case.secrecyUntil === null ? {} : { opensBy: opensByCount(after.case.secrecyUntil) }),
            },
          },
        ),
      )
      await sealSlots(room, trx, append, after)
    },
  )
}

/** What a holder is told one day. @throws CodedError `sealed-broken` */
export function openTold(
  { keys }: Pick<LawfulParties, 'keys'>,
  id: string,
  tenure: string,
  sealed: Buffer,
): ToldLater {
  return JSON.parse(
    keys.sealer.open('lawful-disclosure', `${id}:${tenure}`, sealed).toString('utf8'),
  ) as ToldLater
}

/** What a package disclosed. */
export function openFacts(room: LawfulParties, id: string, sealed: Buffer): PackageFacts {
  return JSON.parse(
    room.keys.sealer.open('lawful-package', `${id}:facts`, sealed).toString('utf8'),
  ) as PackageFacts
}

/** The name under which packages are signed. */
export function packageKeyName(room: Pick<LawfulParties, 'ledger'>): string {
  return `${room.ledger.origin}/packages`
}

function signer(room: LawfulParties) {
  const key = room.keys.signingKey('packages')
  return { publicKey: key.publicKey, sign: (bytes: Uint8Array) => key.sign(bytes) }
}

/** Who acts, as an entry says it. */
export function by(staff: Pick<StaffFacts, 'id' | 'deskName' | 'office'>): By {
  return { id: staff.id, deskName: staff.deskName, office: staff.office }
}
