import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import type { E164 } from '../../src/calls/call-record.ts'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { readFrames } from '../../src/calls/lawful-frame.ts'
import type { Subscriber } from '../../src/customers/customers.ts'
import { encodeBase64, parseBase64 } from '../../src/ledger/base64.ts'
import type { StoredEntry } from '../../src/ledger/entry.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import type { CompletenessProof } from '../../src/ledger/subjects/completeness.ts'
import { outputOfProof } from '../../src/ledger/subjects/ecvrf.ts'
import type { Epochs } from '../../src/ledger/subjects/epochs.ts'
import { addEpochRoutes } from '../../src/ledger/subjects/routes.ts'
import type { ShownLine } from '../../src/my/script/check-complete.ts'
import { wordsOf } from '../../src/my/script/say-whole.ts'
import type { Jobs } from '../../src/platform/jobs.ts'
import type { Language } from '../../src/platform/words.ts'
import { createPublicReports } from '../../src/transparency/reports.ts'
import { addTransparencyRoutes } from '../../src/transparency/routes.ts'
import { codeIn, NUMBER, openLook, PIN, WRITTEN } from '../care/open-care.ts'
import { MM_FILE } from '../lawful/cases.ts'
import {
  AUGUST,
  bothKeys,
  type Crew,
  check,
  DAY_S,
  ok,
  openLawful,
  passed,
  registerKey,
  scopeOf,
  type TestLawful,
  wait,
} from '../lawful/open-lawful.ts'
import { addHerPage } from './her-page.ts'
import { type Visitor, visit } from './house.ts'
import { openPhone, type Phone, textOf } from './phone.ts'

const DAY = 86_400_000
const NEIGHBOUR = '+959791204413' as E164
const NEIGHBOUR_WRITTEN = '09 791 204 413'
const OPERATOR = { en: 'Ayeyar Mobile', my: 'ဧရာမိုဘိုင်း' }

/** Her page, the care desk, the lawful desk and the public report on one server; a look at her calls, and a neighbour. */
interface House {
  readonly open: TestLawful
  readonly epochs: Epochs
  readonly crew: Crew
  readonly look: string
  readonly neighbour: Subscriber
  signIn(language: Language, number?: string): Promise<Visitor>
}

test('a disclosure that the lawful desk seals changes no page, proof or answer of hers; it opens with both dates or is counted', async (t) => {
  const house = await openHouse(t)
  const { open, epochs, crew, neighbour } = house
  const her = await house.signIn('en')
  // A twin of what comes: the same request, about somebody else.
  await deliverInSecret(house, NEIGHBOUR_WRITTEN, 'PTD-1')
  const bill = await readBill(her)
  await epochs.make()
  const without = await seenBy(house, her)
  const given = open.time
  await deliverInSecret(house, WRITTEN, 'PTD-2')
  await epochs.make()
  assert.deepEqual(await seenBy(house, her), without)
  assert.deepEqual(await readBill(her), bill)
  const slots = await entriesOf(house, 'secrecy-slot')
  assert.equal(slots.length, 2, 'and the ledger has it all the same')
  assert.equal(slots[1]!.body!.label, without.label, 'committed to her label')

  await t.test('while nobody opens it after its day, anybody counts it as overdue', async () => {
    assert.match(await overdueOn(open), /^0$/)
    open.time += 62 * DAY
    assert.match(await overdueOn(open), /^2$/)
  })
  const told = open.time
  await wait(open, crew, 0)
  await epochs.make()
  await t.test('once opened it stands in her chain, and nothing is overdue', async () => {
    const phone = openPhone(open.app, await house.signIn('en'), NUMBER)
    assert.match(await overdueOn(open), /^0$/)
    const list = await phone.check()
    assert.deepEqual([list.looks, list.opened, list.newer], [1, 1, 0])
    const { body } = await phone.visitor.get('/my')
    assert.ok(
      textOf(body).includes(`They were given it on ${english(given)}. You were told on ${english(told)}.`),
    )
    assert.match(textOf(body), /the law kept it secret until that day/)
    await otherDates(phone)
    const burmese = openPhone(open.app, await house.signIn('my'), NUMBER)
    assert.equal((await burmese.check()).opened, 1)
    assert.match(
      textOf((await burmese.visitor.get('/my')).body),
      /ပေးအပ်ခဲ့သည့်နေ့- ၂၀၂၆ ခုနှစ် .+၊ [၀-၉]{2}:[၀-၉]{2}။ သင့်ကို အသိပေးခဲ့သည့်နေ့- ၂၀၂၆ ခုနှစ် /,
    )
    const other = openPhone(open.app, await house.signIn('en', NEIGHBOUR_WRITTEN), neighbour.number)
    assert.equal((await other.check()).opened, 1)
  })
  await t.test('one opened into a neighbour’s chain, opened twice, or never sealed is named', () =>
    opensWrongly(house),
  )
})

/** A page that says another date, or nothing, of what an authority was given. */
async function otherDates(phone: Phone): Promise<void> {
  const changed = (change: (given: string) => string) => (lines: ShownLine[]) =>
    lines.map((line) => ({ ...line, given: line.given === null ? null : change(line.given) }))
  const named = { code: 'disclosure-differs' }
  await assert.rejects(phone.check({ lines: changed((given) => given.replace('2026', '2025')) }), named)
  await assert.rejects(phone.check({ lines: changed((given) => given.split('\n')[0]!) }), named)
}

/** What an operator could write to have a secret stand as told without telling whom it was about, each for somebody new. */
async function opensWrongly(house: House): Promise<void> {
  const { ledger, subscriber } = house.open
  const about = await ledger.entriesAbout(subscriber.subject, { limit: 9 })
  const hers = about.find(({ kind }) => kind === 'authority-disclosure')
  assert.ok(hers !== undefined)
  const herSlot = hers.body!.slot as number
  await named(house, 0, 'slot-of-another', /made for somebody else’s number/, (open) => open(herSlot))
  await named(house, 1, 'slot-missing', /sealed entry that had to stand for it/, (open) => open(hers.index))
  await named(house, 2, 'slot-twice', /One sealed entry is opened for two/, async (open, seal) => {
    const slot = await seal()
    await open(slot)
    await open(slot)
  })
  await named(house, 3, 'slot-dates', /sealed on another date/, async (open, seal) =>
    open(await seal(), house.open.time - 3 * DAY),
  )
  await named(house, 4, null, null, async (open, seal) => open(await seal()))
}

/** What the browser of a newcomer says of what `write` has written about them: a fault with its words, or nothing. */
async function named(
  { open, epochs, signIn }: House,
  n: number,
  code: string | null,
  words: RegExp | null,
  write: (
    open: (slot: number, deliveredAt?: number) => Promise<void>,
    seal: () => Promise<number>,
  ) => Promise<void>,
): Promise<void> {
  const number = `+95979120442${n}` as E164
  const { subject, tenure } = await open.register({ number })
  const phone = openPhone(open.app, await signIn('en', `09 791 204 42${n}`), number)
  const header = { caseSerial: `MM-${n}`, counts: { opensBy: 99_999 } }
  const said = {
    authority: OPERATOR,
    gate: OPERATOR,
    basis: OPERATOR,
    from: 0,
    until: 9,
    rows: 1,
    fields: [],
  }
  await write(
    async (slot, deliveredAt = open.time) => {
      await open.ledger.record({
        ...{ kind: 'authority-disclosure', subject },
        header: { outcome: 'told', caseSerial: `MM-${n}`, counts: { customers: 1, slot } },
        body: { ...said, request: `r${n}`, tenure, slot, deliveredAt },
      })
    },
    async () => {
      const label = labelOf(await phone.proof())
      const id = await open.ledger.record({
        kind: 'secrecy-slot',
        header,
        body: { request: `r${n}`, label },
      })
      return open.ledger.indexOf(id)
    },
  )
  await epochs.make()
  const error = await phone.check().then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.equal((error as { code?: string } | null)?.code ?? null, code)
  if (words === null) return
  assert.match(wordsOf(error).en, words)
  assert.match(wordsOf(error).my, /[\u1000-\u109f]/)
}

/** The label that a proof proves, as slots say it. */
function labelOf({ own }: CompletenessProof): string {
  return encodeBase64(outputOfProof(parseBase64(own.label)).slice(0, 32))
}

async function openHouse(t: TestContext): Promise<House> {
  const open = await openLawful(t)
  const { epochs } = await addHerPage(t, open, 'http://localhost:8080')
  addLedgerRoutes(open.app, { ledger: open.ledger })
  addEpochRoutes(open.app, { epochs, pool: open.database.pool, sealer: open.keys.sealer })
  const reports = createPublicReports({
    ...{ db: open.database.db, ledger: open.ledger, clock: open.parties.clock },
    ...{ jobs: { every: () => {} } as unknown as Jobs, customers: { count: async () => 2 } },
    operatorName: OPERATOR.en,
  })
  const frames = readFrames(readJurisdiction(MM_FILE).lawful)
  addTransparencyRoutes(open.app, { reports, frames, operatorName: OPERATOR, smallCounts: 'exact' })
  const crew = await open.crew()
  await registerKey(open, crew, await identityToRecipient(await generateIdentity()))
  const neighbour = await open.register({
    number: NEIGHBOUR,
    name: { my: 'ဦးသန့်ဇင်', latn: 'Thant Zin', honorific: 'U' },
  })
  const thiri = await open.hire(['champion'])
  const { grant } = await openLook(open, thiri)
  await ok(open, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  await ok(open, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  return {
    ...{ open, epochs, crew, neighbour, look: grant },
    async signIn(language, number = WRITTEN) {
      // So many codes go to one number in a while.
      open.time += 10 * 60_000
      const visitor = visit(open.app)
      await visitor.post('/my/sign-in', { number, language })
      await visitor.post('/my/code', { code: codeIn(open.texts), language })
      await visitor.get('/my')
      await visitor.post('/my/prove', { secret: PIN, to: 'bill' })
      if (language !== 'en') await visitor.post('/my/language', { language })
      return visitor
    },
  }
}

/** A request under secrecy for nine days of this number, all the way through both counters to its release. */
async function deliverInSecret({ open, crew }: House, value: string, requestNumber: string): Promise<void> {
  const from = AUGUST + 12 * DAY_S
  const identifiers = [{ type: 'msisdn', value, role: 'victim', from, until: from + 9 * DAY_S }] as const
  const id = await passed(open, crew, { requestNumber, identifiers })
  await check(open, crew.investigator, id)
  const view = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/counts`, { scope: scopeOf(view) })
  await bothKeys(open, crew, id, scopeOf(view))
  await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/production`, {})
  await ok(open, crew.privacy, 'POST', `/api/lawful/requests/${id}/release`, {})
  await open.lawful.sweep()
  await open.ledger.sequence()
}

async function entriesOf({ open }: House, kind: string): Promise<StoredEntry[]> {
  const entries = await open.ledger.entries({ limit: 200 })
  return entries.filter((entry) => entry.kind === kind).sort((a, b) => a.index - b.index)
}

/** What she can be shown without leaving a line of it, with what is signed over the whole ledger left out. */
async function seenBy({ epochs, look }: House, her: Visitor) {
  const paths = ['/my', '/my/case', '/my/protection', `/my/looks/${look}`, `/my/looks/${look}/proof`]
  const pages = []
  for (const path of [...paths, `/my/looks/${look}/not-mine`, '/my/looks/none', '/my?before=0']) {
    const { status, body, to } = await her.get(path)
    pages.push([path, status, to, withoutSigned(body)])
  }
  const proof = JSON.parse((await her.get('/my/complete')).body) as CompletenessProof
  const links = JSON.parse((await her.get('/my/complete/links?after=0&upTo=99')).body) as {
    bundles: { index: number; header: unknown; body: unknown; leaf: string }[]
    slots: unknown[]
  }
  const bundles = links.bundles.map(({ index, header, body, leaf }) => ({ index, header, body, leaf }))
  const { ordinal, own, next } = proof
  const { slots } = links
  return { pages, ordinal, own, next, label: labelOf(proof), bundles, slots, begin: await epochs.begin() }
}

/** Her bill and her calls: reading them is a line of its own, so they are read once before and once after. */
async function readBill(her: Visitor) {
  const pages = []
  for (const path of [
    '/my/bill?month=2026-08',
    '/my/calls?month=2026-08',
    '/my/calls/download?month=2026-08',
  ]) {
    const { status, body } = await her.get(path)
    pages.push([path, status, withoutSigned(body)])
  }
  return pages
}

/** Proofs by their own bytes, and the signature of every tree, are new with each entry of anybody's. */
function withoutSigned(body: string): string {
  return body
    .replaceAll(/"proof":"[^"]*"/g, '"proof":""')
    .replaceAll(/name="_csrf" value="[^"]*"/g, '')
    .replaceAll(/(<p class="small register">).*?(<\/p>)/g, '$1$2')
}

/** The figure of secrecies whose day has passed, as the public page shows it. */
async function overdueOn(open: TestLawful): Promise<string> {
  const { payload } = await open.app.inject({ url: '/transparency' })
  const row = /Secrecies whose day has passed with nobody told.*?<\/tr>/s.exec(payload)?.[0] ?? ''
  return /([0-9]+)\s*<\//.exec(row)?.[1] ?? `no figure in ${row}`
}

/** "12 September 2026, 10:42", Myanmar time. */
function english(at: number): string {
  const local = new Date(at + 390 * 60_000)
  const month = local.toLocaleString('en-US', { month: 'long', timeZone: 'UTC' })
  return `${local.getUTCDate()} ${month} ${local.getUTCFullYear()}, ${local.toISOString().slice(11, 16)}`
}
