import { commitWith } from '../ledger/commit.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Language } from '../platform/words.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { letterPdf } from './letter.ts'
import { frameOf, type LawfulParties, newId } from './parties.ts'
import { by } from './production.ts'
import { type EncounterRow, insertEncounter, listEncounters, nextSerial, readEncounter } from './store.ts'

/** Who came straight to us, and what was taken under threat. Neither is a request. */

export interface Misdirected {
  readonly frame: string
  /** As they named themselves. */
  readonly authority: string
  readonly officer: string
  readonly how: 'visit' | 'letter' | 'telephone' | 'email'
  readonly language: Language
}
export interface Duress {
  readonly what: string
  readonly by: string
  readonly threat: string
}
export interface Encounter {
  readonly id: string
  readonly serial: string
  readonly kind: 'misdirected' | 'duress'
  readonly at: number
  readonly staff: string
  readonly says: Misdirected | Duress
}

/**
 * Writes down that an authority came straight to us. No number is asked for or looked up, so the answer is the same
 * whoever they ask about.
 */
export async function meetMisdirected(
  room: LawfulParties,
  staff: StaffFacts,
  says: Misdirected,
): Promise<Encounter | Refusal> {
  if (!room.frames.some(({ id }) => id === says.frame))
    return refuse(
      'authority-unknown',
      'No requests of this legal frame are taken here.',
      'Choose one of the list.',
    )
  const encounter = await write(room, staff, 'misdirected', says, {
    kind: 'request-misdirected',
    header: { category: 'misdirected', outcome: says.how },
  })
  return encounter
}

/** Writes down what was taken under threat, and by whom; alarms counsel and the privacy officers. */
export async function meetDuress(room: LawfulParties, staff: StaffFacts, says: Duress): Promise<Encounter> {
  return write(room, staff, 'duress', says, {
    kind: 'duress',
    header: { category: 'duress', counts: { events: 1 } },
  })
}

async function write(
  room: LawfulParties,
  staff: StaffFacts,
  kind: Encounter['kind'],
  says: Misdirected | Duress,
  entry: { kind: string; header: { category: string; outcome?: string; counts?: Record<string, number> } },
): Promise<Encounter> {
  const id = newId(room.random)
  const at = room.clock.now()
  const woken =
    kind === 'duress'
      ? [...(await room.staff.duty.onCall('counsel')), ...(await room.staff.duty.onCall('privacy-officer'))]
      : []
  return commitWith(room.db, room.ledger, async (trx, append) => {
    const year = new Date(at + room.offsetMinutes * 60_000).getUTCFullYear()
    const serial = `${kind === 'duress' ? 'D' : 'M'}-${year}-${String(await nextSerial(trx)).padStart(4, '0')}`
    const sealed = room.keys.sealer.seal('lawful-encounter', id, Buffer.from(JSON.stringify(says)))
    await insertEncounter(trx, { id, serial, kind, at, staff: staff.id, sealed })
    await append({
      kind: entry.kind,
      header: { ...entry.header, caseSerial: serial },
      body: { encounter: id, says: { ...says }, by: { ...by(staff) } },
      actor: staff.id,
    })
    for (const colleague of woken)
      await room.notifications.publish(trx, 'notice', { staffId: colleague.id, kind: 'duress', id })
    return { id, serial, kind, at, staff: staff.id, says }
  })
}

/** Encounters, newest first. */
export async function encountersOf(room: LawfulParties): Promise<Encounter[]> {
  return (await listEncounters(room.db, 200)).map((row) => openEncounter(room, row))
}

/** The written answer to an authority that came straight to us: polite, and it says where to go. */
export async function misdirectedLetter(room: LawfulParties, id: string): Promise<Buffer | null> {
  const row = await readEncounter(room.db, id)
  if (row === null || row.kind !== 'misdirected') return null
  const encounter = openEncounter(room, row)
  const says = encounter.says as Misdirected
  const { gate } = frameOf(room, says.frame)
  const { language } = says
  const words = WORDS[language]
  return letterPdf(
    {
      operatorName: room.operatorWords[language],
      title: words.title,
      facts: [
        [words.to, `${says.officer}, ${says.authority}`],
        [words.ours, encounter.serial],
        [words.date, new Date(encounter.at + room.offsetMinutes * 60_000).toISOString().slice(0, 10)],
      ],
      paragraphs: [words.thanks, gate.goTo[language], words.nothing, words.life],
      foot: encounter.serial,
    },
    language,
  )
}

const WORDS = {
  en: {
    title: 'Where a request for call records goes',
    to: 'To',
    ours: 'Our number',
    date: 'Date',
    thanks: 'Thank you for turning to us. We would like to help you as quickly as the law allows.',
    nothing:
      'We have looked nothing up, and nothing in this letter says whether we hold any record. A request that reaches us there is answered within the time it names.',
    life: 'Where a life is at risk, please tell them so: their duty officer passes such requests on at once, and we answer within hours.',
  },
  my: {
    title: 'ဖုန်းမှတ်တမ်း တောင်းခံမှုကို မည်သည့်နေရာသို့ ပေးပို့ရမည်နည်း',
    to: 'သို့',
    ours: 'ကျွန်ုပ်တို့၏ အမှတ်စဉ်',
    date: 'ရက်စွဲ',
    thanks: 'ကျွန်ုပ်တို့ထံ ဆက်သွယ်သည့်အတွက် ကျေးဇူးတင်ပါသည်။ ဥပဒေခွင့်ပြုသလောက် အမြန်ဆုံး ကူညီလိုပါသည်။',
    nothing:
      'ကျွန်ုပ်တို့ မည်သည်ကိုမျှ ရှာဖွေကြည့်ရှုခြင်း မပြုပါ။ ဤစာသည် မှတ်တမ်းရှိ၊ မရှိကို ဖော်ပြခြင်း မဟုတ်ပါ။ ထိုနေရာမှတစ်ဆင့် ရောက်ရှိလာသော တောင်းခံမှုကို သတ်မှတ်ချိန်အတွင်း ဖြေကြားပါမည်။',
    life: 'အသက်အန္တရာယ် ရှိပါက ထိုသို့ ပြောကြားပါ။ တာဝန်ကျအရာရှိက ချက်ချင်း ပေးပို့ပြီး ကျွန်ုပ်တို့ နာရီပိုင်းအတွင်း ဖြေကြားပါမည်။',
  },
} as const

function openEncounter(room: LawfulParties, row: EncounterRow): Encounter {
  const says = JSON.parse(
    room.keys.sealer.open('lawful-encounter', row.id, row.sealed).toString('utf8'),
  ) as Encounter['says']
  return { id: row.id, serial: row.serial, kind: row.kind, at: row.at, staff: row.staff, says }
}
