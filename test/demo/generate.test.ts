import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readDemoArticles, readDemoConduct } from '../../demo/articles.ts'
import { callFiles, makeWorld } from '../../demo/calls.ts'
import { planPast } from '../../demo/contacts.ts'
import { readDemoPlan } from '../../demo/operator.ts'
import { KHIN_MAR_LWIN } from '../../demo/people.ts'
import { THIRI, ZAW_MIN } from '../../demo/staff.ts'
import { chargeOf, readDemoTariffs } from '../../demo/tariffs.ts'
import { parseNumber } from '../../src/calls/numbers.ts'

const NOW = Date.UTC(2026, 8, 12, 4, 12)
const run = promisify(execFile)

test('the same seed gives the same bytes, in another process too', async () => {
  const script = fileURLToPath(new URL('./digest-of-files.ts', import.meta.url))
  const digest = async (seed: string) => (await run(process.execPath, [script, seed, String(NOW)])).stdout
  const [first, second] = await Promise.all([digest('test'), digest('test')])
  assert.match(first, /^[0-9a-f]{64}$/)
  assert.equal(second, first)
  assert.notDeepEqual(makeWorld('other', NOW).people, makeWorld('test', NOW).people)
})

const world = makeWorld('test', NOW)
const files = [...callFiles(world)]
const { plan } = readDemoPlan()

test('there are 2,000 subscribers with a number of their own and a whole name in both scripts', () => {
  assert.equal(world.people.length, 2000)
  assert.equal(new Set(world.people.map(({ number }) => number)).size, 2000)
  for (const { number, name } of world.people) {
    assert.equal(parseNumber(number, plan), number)
    assert.match(name.my, /^[\u1000-\u109f]+$/)
    assert.match(name.latn, /^[A-Z][A-Za-z ]+$/)
    assert.match(name.honorific, /^(U|Daw|Ma|Ko|Mg)$/)
  }
})

test('Daw Khin Mar Lwin’s month: 12,400 of 18,900 Ks to one premium number, 311 rows', () => {
  const month = world.months[1].month
  const own = `0${KHIN_MAR_LWIN.slice(3)}`
  const rows = files
    .flatMap(({ text }) => text.split('\n').slice(1, -1))
    .map((line) => line.split(','))
    .filter(([, , caller, called, start]) => start!.startsWith(month) && (caller === own || called === own))
  assert.equal(rows.length, 311)
  const outgoing = rows.filter(([, , caller]) => caller === own)
  const sums = Map.groupBy(outgoing, (row) => row[11]!)
  const charged = Object.fromEntries(
    [...sums].map(([category, list]) => [category, list.reduce((sum, row) => sum + Number(row[10]), 0)]),
  )
  assert.deepEqual(charged, {
    premium: 12_400,
    'own-network': 2950,
    'other-mobile': 1870,
    data: 1500,
    abroad: 180,
  })
  const premium = sums.get('premium')!
  assert.equal(premium.length, 7)
  assert.equal(new Set(premium.map((row) => row[3])).size, 1)
  for (const row of premium) assert.match(row[4]!, / (18|19|20|21):/)
  assert.deepEqual([...new Set(premium.map((row) => row[4]!.slice(8, 10)))], ['14', '15'])
})

test('days and hours have their rhythm, and somebody is called far more than others', () => {
  const hours = new Array<number>(24).fill(0)
  const called = new Map<string, number>()
  for (const { text } of files) {
    for (const line of text.split('\n').slice(1, -1)) {
      const [, kind, , party, start] = line.split(',')
      if (kind !== 'voice') continue
      hours[Number(start!.slice(11, 13))]! += 1
      called.set(party!, (called.get(party!) ?? 0) + 1)
    }
  }
  assert.ok(hours[19]! > 10 * hours[3]!, 'evenings are busier than nights')
  const counts = [...called.values()].sort((a, b) => b - a)
  assert.ok(counts[0]! > 5 * counts[Math.floor(counts.length / 2)]!, 'there are hubs')
})

test('sixty people work there, somebody of each office at every hour, each role at least once', () => {
  const past = planPast(world)
  assert.equal(past.staff.length, 60)
  assert.equal(new Set(past.staff.map(({ role }) => role)).size, 8)
  assert.equal(past.staff.find(({ deskName }) => deskName === THIRI)?.name, 'Thiri')
  for (let hour = 0; hour < 24 * 9; hour += 1) {
    const at = NOW + hour * 3_600_000
    const present = past.roster.filter(({ from, until }) => from <= at && at < until)
    const desks = new Set(present.map(({ deskName }) => deskName))
    const offices = past.staff.filter(({ role, deskName }) => role === 'champion' && desks.has(deskName))
    assert.equal(
      new Set(offices.map(({ office }) => office)).size,
      3,
      `an office is empty ${hour} hours from now`,
    )
  }
})

test('the bad look hides among the honest ones: a visit that nobody else made that way', () => {
  for (const now of [NOW, Date.UTC(2026, 2, 1, 0, 30), Date.UTC(2027, 0, 31, 23)]) {
    const made = makeWorld('test', now)
    const past = planPast(made)
    const bad = past.contacts.filter(({ customer }) => customer === 1)
    assert.equal(bad.length, 1)
    assert.equal(bad[0]!.deskName, ZAW_MIN)
    assert.ok(bad[0]!.at < past.rulesChangedAt && past.rulesChangedAt < now)
    const visits = past.contacts.filter(({ shown, customer }) => shown === 'photo-id' && customer !== 1)
    assert.ok(visits.length > 5, `only ${visits.length} honest visits`)
    assert.ok(past.contacts.length > 80)
    assert.ok(past.contacts.every(({ at }) => at < now))
    const customers = past.contacts.map(({ customer }) => customer)
    assert.equal(new Set(customers).size, customers.length)
    assert.ok(past.contacts.some(({ deskName, customer }) => deskName === ZAW_MIN && customer !== 1))
  }
})

test('a begun minute and a begun MiB cost a whole one, and the premium line is cheaper late', () => {
  const tariffs = new Map(readDemoTariffs().categories.map((category) => [category.id, category]))
  const voice = { kind: 'voice', bytes: 0, hour: 12 } as const
  assert.equal(chargeOf(tariffs.get('own-network')!, { ...voice, seconds: 61 }), 40_000)
  assert.equal(chargeOf(tariffs.get('own-network')!, { ...voice, seconds: 0 }), 0)
  assert.equal(chargeOf(tariffs.get('premium')!, { ...voice, seconds: 60, hour: 21 }), 200_000)
  assert.equal(
    chargeOf(tariffs.get('data')!, { kind: 'data', seconds: 9, bytes: 1_048_577, hour: 0 }),
    12_000,
  )
})

test('articles and the code of conduct are there in English and in Burmese script', () => {
  const articles = readDemoArticles()
  assert.ok(articles.length >= 8)
  for (const { title, body } of [...articles, { title: readDemoConduct(), body: readDemoConduct() }]) {
    for (const words of [title, body]) {
      assert.match(words.my, /[\u1000-\u109f]/)
      assert.doesNotMatch(words.en, /[\u1000-\u109f]/)
    }
  }
})
