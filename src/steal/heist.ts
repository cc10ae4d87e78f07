import type { RowViewData } from '../care/look-schemas.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Words } from '../platform/words.ts'
import type { RunningServer } from '../server.ts'
import { type Answer, type Body, type Browser, must, type Phone, signInAs, takePhone } from './hands.ts'
import { type Chance, type Line, listOf, retypePhotograph, writeRow } from './notebook.ts'

/** A visitor's try to steal a log: what they do goes over HTTP to a copy of the demo, and comes back as it answers. */

/** Whose desk, whose log, and what the accomplice knows. */
export interface Cast {
  readonly desk: string
  readonly customer: {
    readonly number: string
    readonly shown: string
    readonly name: Words
    readonly pin: string
  }
  /** Somebody of whom one may ask whether her number is in the log; and somebody who has not called at all. */
  readonly stranger: { readonly shown: string; readonly name: Words }
  readonly month: string
}

/** What happened, in the order it did. */
export interface Happened {
  readonly at: number
  /** `no`: the rules stood in the way. */
  readonly tone: 'did' | 'no'
  readonly says: Words
}

export interface Heist {
  readonly cast: Cast
  readonly began: number
  readonly grant: string
  readonly rows: readonly RowViewData[]
  readonly pages: number
  readonly pagesShown: number
  readonly matchesLeft: number
  readonly notebook: readonly Line[]
  readonly happened: readonly Happened[]
  /** Turns to the next page of rows. */
  turnPage(): Promise<void>
  /** Copies rows by hand, by their names within this look; all that are shown where none are named. */
  copyByHand(rows?: readonly string[]): void
  /** Photographs what is shown and retypes it. */
  photograph(): void
  /** Asks whether a number is in the log. */
  askFor(number: string): Promise<void>
  /** Asks for the first row in full and guesses the code that went to her phone. */
  guessCode(): Promise<void>
  /** Opens the log of somebody who has not called. */
  lookElsewhere(): Promise<void>
  /** The list as it would turn up somewhere. */
  list(): string
  /** Hangs up and closes the contact as if it had been an honest one. */
  leave(): Promise<void>
}

interface Scene {
  readonly server: Pick<RunningServer, 'url' | 'rooms'>
  readonly by: Browser
  readonly phone: Phone
  readonly contact: string
  readonly grant: string
}

const GUESSES = 5
const WAIT_MS = 10_000

/**
 * Sits down at the desk: the accomplice rings from the customer's phone and keys in her PIN, and a look is granted, as
 * for any honest caller.
 * @throws CodedError `did-not-happen` where the copy is not as the demo is.
 */
export async function sitDown(
  server: Pick<RunningServer, 'url' | 'rooms'>,
  cast: Cast,
  chance: Chance,
): Promise<Heist> {
  const now = () => server.rooms.world.clock.now()
  const began = now()
  const person = await server.rooms.staff.duty.findByDeskName(cast.desk)
  if (person === null) throw new CodedError('did-not-happen', 'nobody sits at that desk')
  const by = await signInAs(server.url, person.id)
  const phone = await takePhone(server.url, cast.customer.number)
  await phone.ring(cast.desk)
  const number = cast.customer.shown
  const opened = must(
    await by.ask('POST', '/api/care/contacts', { number, channel: 'call' }),
    'open a contact',
  )
  const contact = String(opened.id)
  must(await by.ask('POST', `/api/care/contacts/${contact}/factors/pin`, {}), 'ask for the PIN')
  await keyIn({ by, phone, contact, pin: cast.customer.pin })
  const asked = { purpose: 'bill-clarification', month: cast.month, question: 'higher' }
  const granted = must(await by.ask('POST', `/api/care/contacts/${contact}/grants`, asked), 'ask for a look')
  const grant = String(granted.id)
  must(await by.ask('POST', `/api/care/grants/${grant}/bill`, {}), 'open the bill')
  const heist = play({ server, by, phone, contact, grant }, { cast, began, now, chance })
  await heist.turnPage()
  return heist
}

async function keyIn(of: { by: Browser; phone: Phone; contact: string; pin: string }): Promise<void> {
  const end = performance.now() + WAIT_MS
  for (;;) {
    await of.phone.keyIn(of.pin)
    const seen = await of.by.ask('GET', `/api/care/contacts/${of.contact}`)
    const ladder = seen.body.ladder as { rung: string; done: boolean }[] | undefined
    if (ladder?.some(({ rung, done }) => rung === 'person' && done)) return
    if (performance.now() > end) throw new CodedError('did-not-happen', 'the PIN was not taken')
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

function play(
  scene: Scene,
  { cast, began, now, chance }: { cast: Cast; began: number; now: () => number; chance: Chance },
): Heist {
  const { by, grant } = scene
  let rows: readonly RowViewData[] = []
  let pages = 1
  let pagesShown = 0
  let matchesLeft = 5
  const notebook: Line[] = []
  const happened: Happened[] = []
  const tell = (tone: Happened['tone'], says: Words) => void happened.push({ at: now(), tone, says })
  const note = (lines: readonly Line[]) => {
    const known = new Set(notebook.map(({ text }) => text))
    notebook.push(...lines.filter(({ text }) => !known.has(text)))
  }
  const look = (path: string, body: object) => by.ask('POST', `/api/care/grants/${grant}/${path}`, body)
  return {
    cast,
    began,
    grant,
    get rows() {
      return rows
    },
    get pages() {
      return pages
    },
    get pagesShown() {
      return pagesShown
    },
    get matchesLeft() {
      return matchesLeft
    },
    notebook,
    happened,
    turnPage: async () => {
      const answer = await look('rows', { page: pagesShown + 1 })
      if (answer.status !== 200) return tell('no', refusalOf(answer))
      const shown = answer.body as unknown as { rows: RowViewData[]; pages: number }
      rows = [...rows, ...shown.rows]
      pages = shown.pages
      pagesShown += 1
      const [en, my] = [
        `${rows.length} rows are on the screen.`,
        `မျက်နှာပြင်တွင် စာကြောင်း ${burmese(rows.length)} ကြောင်း ရှိသည်။`,
      ]
      tell('did', { en, my })
    },
    copyByHand: (names) => {
      const wanted = rows.filter(({ row }) => names === undefined || names.includes(row))
      note(wanted.map((row) => ({ how: 'copied', text: writeRow(row) })))
    },
    photograph: () => note(retypePhotograph(rows, chance)),
    askFor: async (number) => {
      const answer = await look('matches', { number })
      if (answer.status !== 200) return tell('no', refusalOf(answer))
      matchesLeft = Number(answer.body.matchesLeft)
      const says = answer.body.says as Words
      tell('did', says)
      note([{ how: 'asked', text: `${number}: ${says.en}` }])
    },
    guessCode: () => guessCode(look, rows, tell),
    lookElsewhere: () => lookElsewhere(by, cast, tell),
    list: () => listOf(notebook),
    leave: () => leave(scene),
  }
}

async function guessCode(
  look: (path: string, body: object) => Promise<Answer>,
  rows: readonly RowViewData[],
  tell: (tone: Happened['tone'], says: Words) => void,
): Promise<void> {
  const row = rows.find(({ digits, unmasked }) => digits?.includes('•') === true && !unmasked)?.row
  const sent = await look('unmask', { row })
  if (sent.status !== 200) return tell('no', refusalOf(sent))
  for (let code = 0; code < GUESSES; code += 1) {
    const answer = await look('unmask/answer', { row, code: String(123_456 + code) })
    tell('no', answer.status === 200 ? wordsOf(answer.body) : refusalOf(answer))
    if (answer.status !== 200) return
  }
}

async function lookElsewhere(
  by: Browser,
  { stranger, month }: Cast,
  tell: (tone: Happened['tone'], says: Words) => void,
): Promise<void> {
  const opened = await by.ask('POST', '/api/care/contacts', { number: stranger.shown, channel: 'call' })
  if (opened.status !== 200) return tell('no', refusalOf(opened))
  const path = `/api/care/contacts/${String(opened.body.id)}/grants`
  const asked = { purpose: 'bill-clarification', month, question: 'higher' }
  tell('no', refusalOf(await by.ask('POST', path, asked)))
}

async function leave({ by, phone, contact }: Scene): Promise<void> {
  const closing = { resolution: 'explained', note: 'Explained why the bill is higher.' }
  await by.ask('POST', `/api/care/contacts/${contact}/closing`, closing)
  await phone.hangUp()
}

function wordsOf(body: Body): Words {
  return (body.says as Words | undefined) ?? { en: '', my: '' }
}

/** The server's refusals speak English; in Burmese it is said that it refused, with its own words. */
function refusalOf({ status, body }: Answer): Words {
  const says = String(body.title ?? status)
  return { en: says, my: `စနစ်က ငြင်းပယ်သည် - ${says}` }
}

/** A number in Burmese digits. */
export function burmese(value: number | string): string {
  return String(value).replace(/[0-9]/g, (digit) => String.fromCharCode(0x1040 + Number(digit)))
}
