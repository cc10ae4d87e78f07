import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { chromium } from 'playwright-core'
import type { E164 } from '../../src/calls/call-record.ts'
import { encodeBase64, parseBase64 } from '../../src/ledger/base64.ts'
import type { StoredEntry } from '../../src/ledger/entry.ts'
import type { CompletenessProof } from '../../src/ledger/subjects/completeness.ts'
import { outputOfProof } from '../../src/ledger/subjects/ecvrf.ts'
import type { ShownLine } from '../../src/my/script/check-complete.ts'
import { wordsOf } from '../../src/my/script/say-whole.ts'
import { NUMBER, WRITTEN } from '../care/open-care.ts'
import { type TestLawful, wait } from '../lawful/open-lawful.ts'
import type { Visitor } from './house.ts'
import { openPhone, type Phone, textOf } from './phone.ts'
import {
  deliverInSecret,
  NEIGHBOUR_WRITTEN,
  OPERATOR,
  openSecretHouse,
  type SecretHouse,
} from './secret-house.ts'

const DAY = 86_400_000
const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'

test('a disclosure that the lawful desk seals changes no page, proof or answer of hers; it opens with both dates or is counted', async (t) => {
  const house = await openSecretHouse(t)
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
  await t.test('her browser says so, in words, on a phone', () => seenInChromium(t, house, given, told))
  await t.test('one opened into a neighbour’s chain, opened twice, or never sealed is named', () =>
    opensWrongly(house),
  )
})

/** The page itself, with its own script. */
async function seenInChromium(
  t: TestContext,
  house: SecretHouse,
  given: number,
  told: number,
): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())
  const { cookies } = await house.signIn('en')
  const context = await browser.newContext({ baseURL: house.url, viewport: { width: 360, height: 740 } })
  await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: house.url })))
  const page = await context.newPage()
  await page.goto('/my')
  await page.getByText('All of them are here.').waitFor()
  const total = (await page.locator('#total').textContent()) ?? ''
  assert.match(total, /1 look since .+, and none besides: .* signed .+ ago by Ayeyar Mobile alone/)
  await page.getByText('What this sentence covers').click()
  await page.getByText('What an authority was given under secrecy appears when the secrecy ends.').waitFor()
  await page.getByText('Only an auditor, who recomputes the whole register').waitFor()
  await page.getByText('Given to an authority and kept secret from you for a time: 1.').waitFor()
  await page
    .getByText(`They were given it on ${english(given)}. You were told on ${english(told)}.`)
    .waitFor()
  assert.ok(
    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
    'nothing is cut off',
  )
  // Whoever stands between her and the register, or the operator itself, writes another day.
  await page.route('/my', async (route) => {
    const answer = await route.fetch()
    const text = (await answer.text()).replace(
      `given it on ${english(given)}`,
      `given it on ${english(told)}`,
    )
    await route.fulfill({ response: answer, body: text })
  })
  await page.reload()
  await page.getByText('It is not proven that this is all.').waitFor()
  await page.getByText('or when, is not what was written down').waitFor()
}

/** A page that says another date, or nothing, of what an authority was given. */
async function otherDates(phone: Phone): Promise<void> {
  const changed = (change: (given: string) => string) => (lines: ShownLine[]) =>
    lines.map((line) => ({ ...line, given: line.given === null ? null : change(line.given) }))
  const named = { code: 'disclosure-differs' }
  await assert.rejects(phone.check({ lines: changed((given) => given.replace('2026', '2025')) }), named)
  await assert.rejects(phone.check({ lines: changed((given) => given.split('\n')[0]!) }), named)
}

/** What an operator could write to have a secret stand as told without telling whom it was about, each for somebody new. */
async function opensWrongly(house: SecretHouse): Promise<void> {
  const { ledger, subscriber } = house.open
  const about = await ledger.entriesAbout(subscriber.subject, { limit: 50 })
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
  { open, epochs, signIn }: SecretHouse,
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

async function entriesOf({ open }: SecretHouse, kind: string): Promise<StoredEntry[]> {
  const entries = await open.ledger.entries({ limit: 200 })
  return entries.filter((entry) => entry.kind === kind).sort((a, b) => a.index - b.index)
}

/** What she can be shown without leaving a line of it, with what is signed over the whole ledger left out. */
async function seenBy({ epochs, look }: SecretHouse, her: Visitor) {
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
