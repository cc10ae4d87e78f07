import type { OtherParty } from '../calls/call-record.ts'
import { formatNumber } from '../calls/numbers.ts'
import { billedMilli, type Charge, chargesOfMonth } from '../customers/charges.ts'
import { commitWith } from '../ledger/commit.ts'
import type { Field } from '../ledger/receipt.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Language, Words } from '../platform/words.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { sealRendering } from './disclose.ts'
import { lookEntry } from './entry-drafts.ts'
import { categoryWords } from './headline.ts'
import { loadLook, openDoor } from './load.ts'
import type { LoadedLook } from './look-cache.ts'
import { insertRendering } from './look-store.ts'
import { type CareRoom, newId } from './parties.ts'
import { type PartyType, partyType } from './party.ts'
import { dayOf, dayWords, localStart, monthWords } from './period.ts'
import { deleteStatements, insertStatement, readStatement } from './record-store.ts'
import { grantView, openingOf, rowPlace } from './reveal.ts'
import { lastedWords, type PageRow } from './rows.ts'
import { type Statement, statementCsv, statementPdf } from './statement-document.ts'

/** The itemised statement goes to the customer's own channel; the champion never sees it. */

/** The job that mails a statement. Its payload is the statement's id and nothing else. */
export const MAIL_JOB = 'care-mail-statement'
const KEPT_MS = 30 * 86_400_000
const FIELDS: readonly Field[] = [
  'start',
  'duration',
  'kind',
  'direction',
  'answered',
  'charge',
  'tariff',
  'otherFull',
]

interface FullParty {
  readonly type: PartyType
  readonly text: string
}
type FullRow = Omit<PageRow, 'other'> & { readonly tariff: string | null; readonly other: FullParty }

/** Makes the statement and sends it: a text with a link to her page, or e-mail to an address 30 days old. */
export async function sendStatement(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  asked: { language: Language; channel: 'text' | 'email' },
) {
  const loaded = await openDoor(room, staff, id, 'statement', 'send-statement')
  if (isRefusal(loaded)) return loaded
  if (asked.channel === 'email') {
    const address = await room.customers.emailOfRecord(room.db, loaded.subscriber)
    if (isRefusal(address)) return address
  }
  const statement = await makeStatement(room, loaded, asked)
  const after = (await loadLook(room, room.db, id)) ?? loaded
  return { statement, sentTo: sentWords(asked.channel), grant: await grantView(room, after) }
}

/** Opens the month in full for the document only, keeps it sealed, and sends word of it. Returns its id. */
async function makeStatement(
  room: CareRoom,
  loaded: LoadedLook,
  asked: { language: Language; channel: 'text' | 'email' },
): Promise<string> {
  const { look, contact, subscriber } = loaded
  const at = room.clock.now()
  const statement = newId(room.random)
  const reveal = await room.ledger.record(
    lookEntry(
      'statement',
      contact,
      look,
      at,
      { statement, language: asked.language, sentBy: asked.channel },
      { opening: openingOf(look, FIELDS) },
    ),
  )
  const opened = await room.vault.open<FullParty>(await room.ledger.receiptFor(reveal), {
    other: ({ other }) => ({ type: partyType(other, room.plan).type, text: fullText(other) }),
  })
  const rows = opened as unknown as FullRow[]
  const charges = await chargesOfMonth(room.db, room.keys, look.tenure, look.month)
  const document = documentOf(room, loaded, { rows, charges }, at)
  const pdf = statementPdf(document, asked.language)
  const csv = statementCsv(document, asked.language)
  const rendering = sealRendering(room, look.id, csv.toString())
  await commitWith(room.db, room.ledger, async (trx, append) => {
    const entry = await append(
      lookEntry('disclosure', contact, look, at, {
        of: 'statement',
        reveal,
        fields: [...FIELDS],
        rowsShown: 0,
        rowsShownInLook: look.rowsShown,
        rowsTotal: rows.length,
        rows: rows.map((row) => ({
          ...rowPlace(row.start, room.offsetMinutes),
          chargeMilli: row.chargeMilli,
        })),
        answer: 'sent to her own channel',
        rendering: rendering.commitment,
      }),
    )
    await insertRendering(trx, { entry, look: look.id, at, sealed: rendering.sealed })
    const seal = (part: 'pdf' | 'csv', plain: Buffer) =>
      room.keys.sealer.seal('care-statement', `${statement}:${part}`, plain)
    await insertStatement(trx, {
      id: statement,
      subject: look.subject,
      tenure: look.tenure,
      month: look.month,
      language: asked.language,
      madeAt: at,
      pdf: seal('pdf', pdf),
      csv: seal('csv', csv),
    })
    if (asked.channel === 'email') await room.jobs.enqueue(trx, MAIL_JOB, { statement, tenure: look.tenure })
    else
      await room.customers.notify(trx, subscriber, {
        text: linkText(document.month, `${room.publicUrl}/my/statements/${statement}`),
        purpose: 'statement',
        ref: statement,
      })
  })
  return statement
}

export interface OpenedStatement {
  readonly month: string
  readonly language: Language
  readonly madeAt: number
  readonly pdf: Buffer
  readonly csv: Buffer
}

/** A statement for her own page: hers only, by her tenure; null when there is none. Kept 30 days. */
export async function statementFor(
  room: CareRoom,
  id: string,
  tenure: string,
): Promise<OpenedStatement | null> {
  const row = await readStatement(room.db, id, tenure)
  if (row === null || room.clock.now() - row.madeAt > KEPT_MS) return null
  const open = (part: 'pdf' | 'csv', sealed: Buffer) =>
    room.keys.sealer.open('care-statement', `${id}:${part}`, sealed)
  return {
    month: row.month,
    language: row.language,
    madeAt: row.madeAt,
    pdf: open('pdf', row.pdf),
    csv: open('csv', row.csv),
  }
}

/** Mails one statement; asked again after a failure. Nothing is sent when the address is no longer good. */
export async function mailStatement(
  room: CareRoom,
  payload: { statement: string; tenure: string },
): Promise<void> {
  const statement = await statementFor(room, payload.statement, payload.tenure)
  const subscriber = await room.customers.byTenure(room.db, payload.tenure)
  if (statement === null || subscriber === null || room.mailer === null) return
  const address = await room.customers.emailOfRecord(room.db, subscriber)
  if (isRefusal(address)) return
  const month = monthWords(statement.month, room.clock.now(), room.offsetMinutes)[statement.language]
  await room.mailer.send({
    to: address.address,
    subject: `${room.operatorName}: ${month}`,
    text: `${month}\n${room.publicUrl}/my\n`,
    attachments: [
      {
        filename: `statement-${statement.month}.pdf`,
        contentType: 'application/pdf',
        content: statement.pdf,
      },
      {
        filename: `statement-${statement.month}.csv`,
        contentType: 'text/csv; charset=utf-8',
        content: statement.csv,
      },
    ],
  })
}

/** Removes statements whose 30 days are over. */
export async function dropOldStatements(room: CareRoom): Promise<void> {
  await deleteStatements(room.db, room.clock.now() - KEPT_MS)
}

function documentOf(
  room: CareRoom,
  { look, subscriber }: LoadedLook,
  { rows, charges }: { rows: readonly FullRow[]; charges: readonly Charge[] },
  at: number,
): Statement {
  const { name } = subscriber
  return {
    operatorName: room.operatorName,
    name: { en: [name.honorific, name.latn].filter((part) => part !== '').join(' '), my: name.my },
    number: formatNumber(subscriber.number),
    month: monthWords(look.month, at, room.offsetMinutes),
    money: room.money,
    madeOn: dayWords(dayOf(at, room.offsetMinutes)),
    totalMilli: rows.reduce((sum, row) => sum + (row.chargeMilli ?? 0), billedMilli(charges)),
    rows: rows.map((row) => {
      const start = localStart(row.start, room.offsetMinutes)
      return {
        day: start.day,
        time: start.second,
        other: row.other.text,
        label: categoryWords(row.tariff ?? row.other.type, room.categories),
        lasted: lastedWords(row, true),
        chargeMilli: row.chargeMilli,
      }
    }),
    charges: charges.map(({ kind, at, label, amountMilli }) => ({
      ...{ kind, label, amountMilli },
      day: localStart(at, room.offsetMinutes).day,
    })),
    page: `${room.publicUrl}/my`,
  }
}

function fullText(other: OtherParty): string {
  switch (other.kind) {
    case 'number':
      return formatNumber(other.number)
    case 'short-code':
      return other.code
    case 'name':
      return other.name
    default:
      return ''
  }
}

function linkText(month: Words, link: string): Words {
  return {
    en: `Your ${month.en} statement is ready on your own page: ${link}`,
    my: `သင့်${month.my} အသေးစိတ်စာရင်းကို သင့်စာမျက်နှာတွင် ရယူနိုင်ပါပြီ: ${link}`,
  }
}

function sentWords(channel: 'text' | 'email'): Words {
  return channel === 'text'
    ? { en: 'A text with a link to her own page.', my: 'သူ့စာမျက်နှာ လင့်ခ်ပါသော စာတစ်စောင်။' }
    : { en: 'E-mail to her address of record.', my: 'မှတ်တမ်းရှိ သူ့အီးမေးလ်လိပ်စာသို့။' }
}
