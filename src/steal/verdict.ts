import type { RowViewData } from '../care/look-schemas.ts'
import { invariant } from '../platform/coded-error.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import type { RunningServer } from '../server.ts'
import type { AlertCardData, WatchViewData } from '../watch/schemas.ts'
import { awaitText, type Browser, must, signInAs, takePhone } from './hands.ts'
import { burmese, type Cast, type Heist } from './heist.ts'

/** The other side, played by the house itself: what the customer was told, what watching made of it, what the list proves. */

/** What the list proves after so many rows. */
export interface CurvePoint {
  readonly rows: number
  /** Base 10: how much better the visitor's own look fits than chance; null when nothing fits. */
  readonly log10E: number | null
  readonly threshold: number
  readonly named: boolean
}

export interface Verdict {
  readonly texts: readonly { readonly afterSeconds: number; readonly text: string }[]
  readonly watch: {
    /** Of 3: how well the look is explained. */
    readonly level: number | null
    readonly asked: { readonly headline: Words; readonly reasons: readonly Words[] } | null
  }
  readonly lines: number
  readonly curve: readonly CurvePoint[]
  /** The row at which the visitor could be named; null when never. */
  readonly nameableAt: number | null
  /** What the investigator's page says; null where no list was handed in, or it says nothing. */
  readonly headline: Words | null
  readonly court: Words | null
  readonly unknown: readonly Words[]
}

const OFFICER = 'Y-3'
const WAIT_MS = 15_000
/** The text of a look names the desk that looked, in either language. */
const aboutDesk = (desk: string) => (text: string) => text.includes(desk)

/** Hands the list in. The heist has been left: its contact is closed. */
export async function judgeHeist(
  server: Pick<RunningServer, 'url' | 'rooms' | 'demo'>,
  heist: Heist,
): Promise<Verdict> {
  const { cast } = heist
  const texts = await textsOf(server, heist)
  await (await server.rooms.watch.watcher()).catchUp()
  const officer = await signInAt(server, OFFICER)
  const watch = {
    level: await levelOf(server, heist),
    asked: await askedAbout(officer, heist),
  }
  const text = heist.list()
  const proved = text === '' ? null : await prove(server, officer, { cast, text })
  const curve = proved?.curve ?? []
  const nameableAt = curve.find(({ named }) => named)?.rows ?? null
  return {
    texts,
    watch,
    lines: text === '' ? 0 : text.split('\n').length,
    curve,
    nameableAt,
    headline: proved?.headline ?? null,
    court: nameableAt === null ? null : (proved?.court ?? null),
    unknown: unknownOf(heist, nameableAt),
  }
}

async function signInAt(server: Pick<RunningServer, 'url' | 'rooms'>, desk: string): Promise<Browser> {
  const person = await server.rooms.staff.duty.findByDeskName(desk)
  invariant(person, `${desk} works in the demo`)
  return signInAs(server.url, person.id)
}

async function textsOf(
  server: Pick<RunningServer, 'url' | 'demo'>,
  { cast, began }: Heist,
): Promise<Verdict['texts']> {
  const { demo } = server
  invariant(demo, 'a heist happens in a demo')
  const { handle } = await takePhone(server.url, cast.customer.number)
  const names = aboutDesk(cast.desk)
  await awaitText(demo.phones, handle, ({ text, at }) => at >= began && names(text), WAIT_MS)
  const all = await demo.phones.texts(handle)
  return all
    .filter(({ at }) => at >= began)
    .map(({ text, at }) => ({ afterSeconds: Math.round((at - began) / 1000), text }))
    .reverse()
}

async function levelOf(
  server: Pick<RunningServer, 'url' | 'rooms'>,
  { cast, grant }: Heist,
): Promise<number | null> {
  const own = await (await signInAt(server, cast.desk)).ask('GET', '/api/watch/own')
  const looks = (own.body.looks ?? []) as { look: string; level: number }[]
  return looks.find(({ look }) => look === grant)?.level ?? null
}

/** The question about this look, if there is one; a desk may have others about earlier looks. */
async function askedAbout(officer: Browser, { cast, grant }: Heist): Promise<Verdict['watch']['asked']> {
  const view = must(await officer.ask('GET', '/api/watch'), 'read the watch') as unknown as WatchViewData
  for (const { id, deskName } of view.alerts) {
    if (deskName !== cast.desk) continue
    const opened = await officer.ask('POST', `/api/watch/alerts/${id}/opening`)
    const card = must(opened, 'open a card') as unknown as AlertCardData
    if (card.pair.some(({ look, asked }) => look === grant && asked))
      return { headline: card.headline, reasons: card.reasons.map(({ says }) => says) }
  }
  return null
}

/** An incident as anybody opens one who was shown a list; then the trace, as the investigator runs it. */
async function prove(
  server: Pick<RunningServer, 'url' | 'rooms'>,
  officer: Browser,
  { cast, text }: { cast: Cast; text: string },
): Promise<{ curve: CurvePoint[]; headline: Words | null; court: Words | null }> {
  const opened = await officer.ask('POST', '/api/incidents', {
    origin: 'list-holder',
    title: 'A list of calls has turned up',
    says: 'Somebody was shown a list of her calls.',
    number: cast.customer.shown,
  })
  const incident = String(must(opened, 'open an incident').serial)
  const person = await server.rooms.staff.duty.findByDeskName(cast.desk)
  const proved = await server.rooms.trace.proveRowByRow({ system: 'demo' }, { incident, text })
  if (isRefusal(proved)) return { curve: [], headline: { en: proved.says, my: proved.says }, court: null }
  const curve = proved.map(({ rows, log10E, best, threshold, named }) => ({
    rows,
    threshold,
    log10E: best === person?.id ? log10E : null,
    named: person !== null && named.includes(person.id),
  }))
  const investigator = await signInAt(server, 'Y-5')
  const traced = await investigator.ask('POST', '/api/traces', { incident, text })
  const body = traced.status === 200 ? traced.body : null
  return {
    curve,
    headline: (body?.headline as Words | undefined) ?? null,
    court: (body?.court as Words | undefined) ?? null,
  }
}

/** What nobody can know from this, each only where it holds for what was really taken. */
function unknownOf(heist: Heist, nameableAt: number | null): Words[] {
  const seen = mostSeen(heist.rows)
  const hidden = 7 - seen
  return [
    ...(heist.list() !== '' && nameableAt === null
      ? [
          {
            en: 'Whose list it is: too few rows tell too little. There is suspicion, and nobody is named.',
            my: 'စာရင်းသည် မည်သူ့ထံမှ ဖြစ်သည်ကို မသိနိုင်ပါ။ စာကြောင်း နည်းလွန်းသဖြင့် သံသယသာရှိပြီး မည်သူ့ကိုမျှ အမည်မဖော်ပါ။',
          },
        ]
      : []),
    ...(nameableAt === null
      ? []
      : [
          {
            en: 'Whose hand passed it on: the list names the look, and not who carried it out of the room.',
            my: 'မည်သူ့လက်က ပေးပို့ခဲ့သည်ကို မသိနိုင်ပါ။ စာရင်းသည် ကြည့်ရှုမှုကိုသာ ဖော်ပြသည်။',
          },
        ]),
    {
      en: 'That the caller was not she: the call came from her own phone, with her own PIN.',
      my: 'ခေါ်ဆိုသူသည် သူမ မဟုတ်ကြောင်း မသိနိုင်ပါ။ သူမ၏ဖုန်းမှ သူမ၏ PIN ဖြင့် ခေါ်ဆိုခဲ့သည်။',
    },
    {
      en: `For you: ${hidden} of the last 7 digits of every masked number. ${seen} at most were ever on your screen.`,
      my: `သင်အတွက်- ဖုံးထားသော နံပါတ်တိုင်း၏ နောက်ဆုံး ၇ လုံးအနက် ${burmese(hidden)} လုံး။ သင့်မျက်နှာပြင်တွင် အများဆုံး ${burmese(seen)} လုံးသာ ပေါ်ခဲ့သည်။`,
    },
    ...(heist.notebook.some(({ how }) => how === 'photographed')
      ? [
          {
            en: 'That a photograph was taken: no program sees a telephone held before a screen.',
            my: 'ဓာတ်ပုံရိုက်ခဲ့ကြောင်း မသိနိုင်ပါ။ မျက်နှာပြင်ရှေ့မှ ဖုန်းကို မည်သည့်ပရိုဂရမ်မျှ မမြင်ပါ။',
          },
        ]
      : []),
  ]
}

/** Of one masked number, the most of its last seven digits that these rows tell together. */
function mostSeen(rows: readonly RowViewData[]): number {
  const places = new Map<string, Set<number>>()
  for (const { letter, digits } of rows) {
    if (letter === null || digits?.includes('•') !== true) continue
    const own = places.get(letter) ?? new Set<number>()
    for (const [at, char] of [...digits].slice(-7).entries()) if (char !== '•') own.add(at)
    places.set(letter, own)
  }
  return Math.max(0, ...[...places.values()].map(({ size }) => size))
}
