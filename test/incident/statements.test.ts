import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ACCOUNTS } from '../../src/accounts.ts'
import { NO_STATEMENT, type Statement, stepStatement } from '../../src/incident/statement-rules.ts'
import { verifyState } from '../../src/ledger/verify-state.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import { ok, WRITTEN } from '../care/open-care.ts'
import { ORIGIN } from '../staff/open-room.ts'
import { lookAt } from '../trace/open-trace.ts'
import { confirmedCase, openCourt, refusal, type TestCourt } from './open-court.ts'

const both = (en: string, my: string) => ({ en, my })
const RUMOUR = {
  kind: 'rumour',
  title: both('A recording of her calls was leaked', 'သူ့ဖုန်းပြောသံ အသံဖိုင် ပေါက်ကြားသည်'),
  answer: 'untrue',
  facts: [
    {
      words: both('No recording is made or kept, so none can leak.', 'အသံဖမ်းခြင်း မရှိသဖြင့် ပေါက်ကြားစရာ မရှိပါ။'),
      ground: { house: 'content-never-held' },
    },
  ],
}

/** The page as somebody who is not signed in reads it. */
async function publicPage(house: TestCourt, lang: 'en' | 'my', q?: string): Promise<string> {
  const answer = await house.app.inject({
    method: q === undefined ? 'GET' : 'POST',
    url: `/statements?lang=${lang}`,
    headers: { origin: ORIGIN },
    ...(q === undefined ? {} : { payload: { q } }),
  })
  assert.equal(answer.statusCode, 200, answer.body.slice(0, 200))
  return answer.body
}

test('a statement is public once two others approved it, each fact on its entry; what is corrected or withdrawn stays', async (t) => {
  const house = await openCourt(t)
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  await lookAt(house, thiri, [1])
  const { id, privacy, investigator, counsel, second } = await confirmedCase(house, thiri)
  const asked = { person: thiri.id, from: 0, until: house.time }
  const { totals } = await ok(house, counsel, 'POST', `/api/incidents/${id}/exposures`, asked)
  const url = `/api/incidents/${id}/statements`
  const { grounds } = await ok(house, investigator, 'GET', url)
  const exposure = grounds.find(({ act }: { act: string }) => act === 'exposure')
  assert.ok(exposure, 'the exposure is an entry that a fact may rest on')
  const says = `${totals.rows} rows of one customer were shown to one employee.`
  const text = {
    kind: 'statement',
    title: both('What left our house in August', 'ဩဂုတ်လတွင် ပေါက်ကြားသည်များ'),
    answer: null,
    facts: [
      { words: both(says, 'ဖောက်သည်တစ်ဦး၏ မှတ်တမ်းကို ဝန်ထမ်းတစ်ဦးက မြင်ခဲ့သည်။'), ground: { entry: exposure.entry } },
    ],
  }
  const facts = (words: string, entry: number) => [{ words: both(words, 'အချက်အလက်'), ground: { entry } }]
  for (const words of [
    `She is ${WRITTEN}.`,
    'It was Thiri.',
    `Desk ${thiri.deskName} did it.`,
    'Khin Mar Lwin',
  ])
    assert.equal(
      await refusal(house, investigator, url, { text: { ...text, facts: facts(words, exposure.entry) } }),
      'statement-names-somebody',
      words,
    )
  const stray = { ...text, facts: facts('Something else.', 0) }
  assert.equal(await refusal(house, investigator, url, { text: stray }), 'statement-ground-unknown')
  assert.equal(
    await refusal(house, investigator, url, { text: { ...text, facts: [] } }),
    'statement-incomplete',
  )

  const drafted = await ok(house, investigator, 'POST', url, { text })
  const one = `${url}/${drafted.id}/steps`
  assert.equal(await refusal(house, investigator, one, { do: 'approve' }), 'not-in-role')
  await ok(house, privacy, 'POST', one, { do: 'approve' })
  assert.equal(await refusal(house, privacy, one, { do: 'approve' }), 'statement-approved-before')
  assert.ok(!(await publicPage(house, 'en')).includes(says), 'one approval publishes nothing')
  house.time += 60_000
  const { versions } = await ok(house, counsel, 'POST', one, { do: 'approve' })
  assert.equal(versions[0].publishedAt, house.time)
  const first = await publicPage(house, 'en')
  assert.ok(first.includes(says))
  assert.ok(first.includes(`entry ${exposure.entry} of the public log`))
  assert.ok((await publicPage(house, 'my')).includes(text.title.my))

  const ours = await ok(house, counsel, 'POST', url, { text: RUMOUR })
  const rumour = `${url}/${ours.id}/steps`
  assert.equal(await refusal(house, counsel, rumour, { do: 'approve' }), 'statement-yours')
  for (const who of [privacy, second]) await ok(house, who, 'POST', rumour, { do: 'approve' })
  const answered = await publicPage(house, 'en')
  assert.ok(answered.includes('It is untrue.') && answered.includes('no field for what was said'))

  const why = both('We counted one page twice.', 'စာမျက်နှာတစ်ခုကို နှစ်ခါ ရေတွက်မိသည်။')
  const corrected = { ...text, facts: facts('Fewer rows were shown.', exposure.entry) }
  await ok(house, investigator, 'POST', one, { do: 'correct', text: corrected, why })
  assert.equal(await refusal(house, investigator, one, { do: 'withdraw', why }), 'statement-pending')
  assert.ok(!(await publicPage(house, 'en')).includes(why.en))
  for (const who of [privacy, counsel]) await ok(house, who, 'POST', one, { do: 'approve' })
  const after = await publicPage(house, 'en')
  assert.ok(
    after.includes(why.en) && after.includes('Fewer rows') && after.includes(says),
    'both stand there',
  )
  const gone = both('It was about another month.', 'အခြားလနှင့် ဆိုင်သည်။')
  await ok(house, privacy, 'POST', one, { do: 'withdraw', why: gone })
  for (const who of [second, counsel]) await ok(house, who, 'POST', one, { do: 'approve' })
  const withdrawn = await publicPage(house, 'en')
  assert.ok(withdrawn.includes('Withdrawn') && withdrawn.includes(gone.en) && withdrawn.includes(says))
  assert.equal(await refusal(house, privacy, one, { do: 'withdraw', why: gone }), 'statement-not-now')

  assert.ok((await publicPage(house, 'en', 'recording')).includes(RUMOUR.title.en))
  const found = await publicPage(house, 'en', 'recording august')
  assert.ok(!found.includes(RUMOUR.title.en) && found.includes('0 of 2 say'))
  const hostile = await publicPage(house, 'en', '<script>alert(1)</script>')
  assert.ok(!hostile.includes('<script>alert'))
  for (const hidden of [thiri.deskName, 'Thiri', house.subscriber.subject, house.subscriber.name.latn])
    assert.ok(!withdrawn.includes(hidden), `${hidden} is on the public page`)

  await checkState(house, [])
  await house.database.pool.query(
    `UPDATE incident.published SET content = replace(content, 'untrue', 'true')`,
  )
  await checkState(house, ['what was said in public', 'what was said in public'])
})

async function checkState(house: TestCourt, accounts: string[]): Promise<void> {
  await house.ledger.sequence()
  const { pool } = house.database
  const verdict = await verifyState({ pool, sealer: house.keys.sealer, accounts: ACCOUNTS })
  assert.deepEqual(
    verdict.findings.map(({ account }) => account),
    accounts,
  )
}

test('whatever people do, nothing is public with fewer than two approvals of others, and nothing public is lost', () => {
  const text = { ...RUMOUR, kind: 'rumour', answer: 'untrue' } as never
  const why = both('Because.', 'အကြောင်းပြချက်။')
  const act = fc.constantFrom(
    { do: 'draft', does: 'publish', text, why: null },
    { do: 'draft', does: 'correct', text, why },
    { do: 'draft', does: 'withdraw', text: null, why },
    { do: 'approve' },
    { do: 'drop' },
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(act, fc.constantFrom('a', 'b', 'c'))), (steps) => {
      let one: Statement = NO_STATEMENT
      let before = 0
      for (const [now, [does, staff]] of steps.entries()) {
        const next = stepStatement(one, does as never, {
          now,
          staff,
          deskName: staff,
          entries: new Set(),
          counted: new Map(),
        })
        if (!isRefusal(next)) one = next
        const published = one.versions.filter(({ publishedAt }) => publishedAt !== null)
        assert.ok(published.length >= before)
        before = published.length
        for (const { by, approvals } of published) {
          const others = new Set(approvals.map((said) => said.staff))
          assert.ok(others.size >= 2 && !others.has(by))
        }
      }
    }),
  )
})

test('a dated zero is counted when it is written and when it is published, and says from when to when', async (t) => {
  const house = await openCourt(t)
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  const { id, privacy, counsel, second } = await confirmedCase(house, thiri)
  const url = `/api/incidents/${id}/statements`
  const opened = house.time
  house.time += 60_000
  const text = (what: string, since: number, until: number) => ({
    ...{ kind: 'statement', title: both('Requests this year', 'ယခုနှစ် တောင်းဆိုချက်များ'), answer: null },
    facts: [
      {
        words: both('No further request since then.', 'ထို့နောက် တောင်းဆိုချက် မရှိပါ။'),
        ground: { zero: { what, since, until } },
      },
    ],
  })
  const draft = (what: string, since: number, until: number) => ({ text: text(what, since, until) })
  assert.equal(await refusal(house, counsel, url, draft('incidents', 0, house.time)), 'statement-not-zero')
  assert.equal(
    await refusal(house, counsel, url, draft('authority-requests', 0, house.time + 1)),
    'period-wrong',
  )
  const drafted = await ok(house, counsel, 'POST', url, draft('incidents', opened + 1, house.time))
  for (const who of [privacy, second])
    await ok(house, who, 'POST', `${url}/${drafted.id}/steps`, { do: 'approve' })
  const late = await ok(house, counsel, 'POST', url, draft('authority-requests', 0, house.time))
  await ok(house, privacy, 'POST', `${url}/${late.id}/steps`, { do: 'approve' })
  // One that was filed under an earlier day after the draft.
  await house.database.pool.query(`INSERT INTO lawful.request (id, serial, frame, state, received_at, number_hash, sealed)
    VALUES ('r', 'MM-2026-0001', 'mm', 'received', ${opened}, 'h', '')`)
  assert.equal(
    await refusal(house, second, `${url}/${late.id}/steps`, { do: 'approve' }),
    'statement-not-zero',
  )
  const page = await publicPage(house, 'en')
  assert.match(
    page,
    /a count: from 2026-09-\d\d \d\d:\d\d until 2026-09-\d\d \d\d:\d\d, no incident was opened/,
  )
  assert.match(await publicPage(house, 'my'), /ဖြစ်ရပ် တစ်ခုမျှ မဖွင့်ပါ/)
})
