import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { type Article, parseArticle, putArticles, readArticles } from '../../src/find/articles.ts'
import { createFind, type FoundContact } from '../../src/find/find.ts'
import { excerptOf, parseQuery, readsLikeName, tsqueryOf } from '../../src/find/query.ts'
import { addFindRoutes } from '../../src/find/routes.ts'
import { openHttp } from '../staff/open-http.ts'
import { openRoom, SYSTEM, type TestRoom } from '../staff/open-room.ts'

const PREMIUM: Article = {
  slug: 'premium-numbers',
  kind: 'tariff',
  title: { en: 'Premium numbers', my: 'ပရီမီယံ နံပါတ်များ' },
  body: {
    en: "A call to a premium number costs 350 Ks a minute. The operator's share is small.",
    my: 'ပရီမီယံ နံပါတ်သို့ ခေါ်ဆိုခလျှင် တစ်မိနစ် ၃၅၀ ကျပ် ကျသင့်ပါသည်။ ဘီလ်ကို ရှင်းပြပါ။',
  },
}
const LOST: Article = {
  slug: 'lost-sim',
  kind: 'procedure',
  title: { en: 'Lost phone or SIM', my: 'ဖုန်း သို့မဟုတ် ဆင်းမ်ကတ် ပျောက်ခြင်း' },
  body: { en: 'Block first, ask later.', my: 'ဦးစွာ ပိတ်ပါ၊ ပြီးမှ မေးပါ။' },
}

async function openFind(t: TestContext, contacts: readonly FoundContact[] = []) {
  const opened: TestRoom = await openRoom(t)
  const { parties, room } = opened
  const asked: (string | null)[] = []
  const find = createFind({
    ...parties,
    policy: room.policy,
    contacts: {
      async findContacts(_staff, query) {
        asked.push(query.subject)
        return contacts
      },
    },
  })
  await putArticles(parties, SYSTEM, [PREMIUM, LOST])
  const slugs = async (typed: string) =>
    (await find.find(await champion.facts(), typed)).articles.map(({ slug }) => slug)
  const champion = await opened.hire(['champion'])
  return { ...opened, find, slugs, champion, asked }
}

test('articles are found by English words in any form, and by beginnings', async (t) => {
  const { slugs } = await openFind(t)
  assert.deepEqual(await slugs('premium'), ['premium-numbers'])
  assert.deepEqual(await slugs('calling minutes'), ['premium-numbers'])
  assert.deepEqual(await slugs('prem'), ['premium-numbers'])
  assert.deepEqual(await slugs('blocked'), ['lost-sim'])
  assert.deepEqual(await slugs('premium lost'), [])
})

test('articles are found by Burmese words, though nothing parts them', async (t) => {
  const { slugs } = await openFind(t)
  assert.deepEqual(await slugs('နံပါတ်'), ['premium-numbers'])
  assert.deepEqual(await slugs('ရှင်းပြ'), ['premium-numbers'])
  assert.deepEqual(await slugs('ဆင်းမ်ကတ် ပျောက်ခြင်း'), ['lost-sim'])
  assert.deepEqual(await slugs('မိုးရွာ'), [])
  assert.deepEqual(await slugs('နံပါတ္မ်ား'), ['premium-numbers'], 'as old phones type it, in Zawgyi')
})

test('a number offers to open a contact and is the same whether somebody has it or not', async (t) => {
  const { find, champion, hire, kinds, asked, ledger } = await openFind(t)
  const before = (await kinds()).length
  const answer = await find.find(await champion.facts(), '09791204412')
  assert.deepEqual(answer, { contacts: [], staff: [], articles: [], number: true })
  assert.match(asked[0] ?? '', /^[0-9a-f]{32}$/)
  const auditor = await hire(['auditor'])
  const counsel = await find.find(await auditor.facts(), '09791204412')
  assert.deepEqual(counsel, { contacts: [], staff: [], articles: [], number: false })
  assert.equal(asked.length, 1, 'contacts are not searched for whoever may not see them')
  const entries = (await ledger.entries({ limit: 50 })).filter(({ kind }) => kind === 'find')
  assert.equal(entries.length, 2)
  assert.ok((await kinds()).length > before)
  assert.ok(!JSON.stringify(entries).includes('791204412'), 'the number itself is written nowhere')
  assert.equal(entries[0]?.subject, asked[0])
})

test('a search that names a person is in the ledger before its answer leaves; one for a tariff is not', async (t) => {
  const { find, champion, hire, ledger } = await openFind(t)
  await hire(['supervisor'], { name: 'Kyaw Thura' })
  const me = await champion.facts()
  const searches = async () =>
    (await ledger.entriesBy(champion.id, { limit: 50 })).filter(({ kind }) => kind === 'find').length
  await find.find(me, 'premium')
  assert.equal(await searches(), 0)
  const people = await find.find(me, 'kyaw')
  assert.deepEqual(
    people.staff.map(({ name }) => name),
    ['Kyaw Thura'],
  )
  assert.equal(await searches(), 1)
  await find.find(me, 'Daw Khin Mar Lwin')
  await find.find(me, 'ဒေါ်ခင်မာလွင်')
  assert.equal(await searches(), 3)
})

test('nothing typed is an operator of the database', async (t) => {
  const { find, champion } = await openFind(t)
  const me = await champion.facts()
  for (const typed of [
    "'",
    "\\'",
    'a & !b | (c',
    '%',
    '_',
    "premium' | 'lost",
    ':*',
    '\u0000'.slice(1),
    '🙂',
    '"',
  ])
    assert.ok(await find.find(me, typed || ' '))
  assert.deepEqual((await find.find(me, '%%')).staff, [])
})

test('a query never makes a broken tsquery, and excerpts cut between letters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
      const { latin, burmese } = parseQuery(typed)
      for (const words of [latin, burmese]) {
        const query = tsqueryOf(words)
        assert.ok(query === null || /^('[^'\\]*':\*)( & '[^'\\]*':\*)*$/.test(query), query ?? '')
      }
    }),
  )
  const excerpt = excerptOf({ en: 'x'.repeat(400), my: 'မြန်မာ'.repeat(100) }, parseQuery('မြန်မာ'))
  assert.ok(!/^[\u102B-\u103E]/.test(excerpt.my) && excerpt.en.endsWith('…'))
})

test('names are told by their honorific', () => {
  for (const name of ['Daw Khin Mar Lwin', 'U Ba', 'ma nilar', 'ဒေါ်ခင်မာလွင်', 'ဦး ဘ'])
    assert.ok(readsLikeName(name), name)
  for (const word of ['data', 'uplink', 'market', 'koala', 'နံပါတ်']) assert.ok(!readsLikeName(word), word)
})

test('articles are read from files; a malformed one is named', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-articles-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const text =
    '---\nkind: tariff\ntitle.en: Data\ntitle.my: ဒေတာ\n---\n\n# en\n\nSix kyats.\n\n# my\n\nခြောက်ကျပ်။\n'
  writeFileSync(join(directory, 'data.md'), text)
  assert.deepEqual(readArticles(directory), [
    {
      slug: 'data',
      kind: 'tariff',
      title: { en: 'Data', my: 'ဒေတာ' },
      body: { en: 'Six kyats.', my: 'ခြောက်ကျပ်။' },
    },
  ])
  assert.throws(() => parseArticle('half', text.replace('# my', '# mm')), {
    code: 'article-malformed',
    message: /^half\.md/,
  })
})

test('over HTTP: who is nobody finds nothing, what was typed is in no log line, articles are read by name', async (t) => {
  const http = await openHttp(t)
  const { app, ask, hire, lines, parties, room } = http
  const contacts = { findContacts: async () => [] }
  addFindRoutes(app, { db: parties.db, find: createFind({ ...parties, policy: room.policy, contacts }) })
  await putArticles(parties, SYSTEM, [PREMIUM])
  const champion = await hire(['champion'])
  assert.equal((await ask(null, 'POST', '/api/find', { q: 'premium' })).status, 401)
  assert.equal((await ask(champion, 'POST', '/api/find', { q: 'premium', everybody: true })).status, 400)
  assert.equal((await ask(champion, 'POST', '/api/find', { q: 'x'.repeat(201) })).status, 400)
  assert.equal((await ask(champion, 'POST', '/api/find', { q: '09791204412' })).body.number, true)
  const found = await ask(champion, 'POST', '/api/find', { q: 'premium' })
  assert.match(found.body.articles[0].excerpt.en, /350 Ks/)
  const article = await ask(champion, 'GET', '/api/articles/premium-numbers')
  assert.deepEqual(article.body.title, PREMIUM.title)
  assert.equal((await ask(champion, 'GET', '/api/articles/nothing')).body.code, 'article-not-found')
  assert.equal((await ask(champion, 'GET', '/api/articles')).body.articles.length, 1)
  assert.ok(!lines.join('\n').includes('791204412'))
})
