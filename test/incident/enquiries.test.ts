import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNTS } from '../../src/accounts.ts'
import { verifyState } from '../../src/ledger/verify-state.ts'
import { ok, WRITTEN } from '../care/open-care.ts'
import { withCourt } from './open-court.ts'
import { crewOf } from './open-incident.ts'
import { openCaseAbout, openPeople } from './open-people.ts'

const both = (en: string, my: string) => ({ en, my })

test('what the press asks is filed, and answered with what is published or a sentence that says nothing yet', async (t) => {
  const house = withCourt(await openPeople(t))
  const { privacy, investigator, counsel } = await crewOf(house)
  const second = await house.hire(['privacy-officer'], { name: 'Hnin', office: 'yangon', team: 'privacy' })
  const champion = await house.hire(['champion'], { name: 'Thiri' })
  const id = await openCaseAbout(house, privacy, WRITTEN)
  const url = `/api/incidents/${id}/enquiries`
  const question = { medium: 'Myanmar Times', who: 'A reporter', via: 'telephone', dueAt: null }
  const asked = { ...question, asked: 'Was a recording of her calls leaked?' }
  assert.equal((await house.ask(champion, 'POST', url, asked)).status, 403)
  const filed = await ok(house, investigator, 'POST', url, asked)
  const answers = `${url}/${filed.enquiries[0].id}/answers`
  const tell = { via: 'email', language: 'en' }
  const unpublished = { ...tell, how: 'statement', statement: null }
  assert.equal((await house.ask(counsel, 'POST', answers, unpublished)).body.code, 'enquiry-unpublished')
  const nowhere = `${url}/${'0'.repeat(24)}/answers`
  const holding = { ...tell, how: 'holding', statement: null }
  assert.equal((await house.ask(counsel, 'POST', nowhere, holding)).body.code, 'enquiry-not-found')
  await ok(house, counsel, 'POST', answers, holding)

  const statements = `/api/incidents/${id}/statements`
  const rumour = await ok(house, counsel, 'POST', statements, {
    text: {
      ...{ kind: 'rumour', answer: 'untrue', title: both('A recording was leaked', 'အသံဖိုင် ပေါက်ကြားသည်') },
      facts: [
        { words: both('None is made or kept.', 'အသံဖမ်းခြင်း မရှိပါ။'), ground: { house: 'content-never-held' } },
      ],
    },
  })
  const published = { ...tell, how: 'statement', statement: rumour.id }
  assert.equal((await house.ask(counsel, 'POST', answers, published)).body.code, 'enquiry-unpublished')
  for (const who of [privacy, second])
    await ok(house, who, 'POST', `${statements}/${rumour.id}/steps`, { do: 'approve' })
  const { enquiries } = await ok(house, counsel, 'POST', answers, published)
  assert.deepEqual(
    enquiries[0].answers.map((one: { how: string; version: number | null }) => [one.how, one.version]),
    [
      ['holding', null],
      ['statement', 1],
    ],
  )
  assert.match(enquiries[0].answers[1].told, /A recording was leaked\nIt is untrue\.\nNone is made or kept\./)
  const { said } = await ok(house, privacy, 'GET', `/api/incidents/${id}/people`)
  assert.deepEqual(
    said.map((one: { direction: string; with: string }) => `${one.direction} ${one.with}`),
    ['in press', 'out press', 'out press'],
    'each is a line of the register, too',
  )
  const { rows } = await house.database.pool.query('SELECT sealed FROM incident.enquiry')
  assert.ok(!rows[0].sealed.includes('recording'))
  await house.ledger.sequence()
  const verdict = async () =>
    verifyState({ pool: house.database.pool, sealer: house.keys.sealer, accounts: ACCOUNTS })
  assert.deepEqual((await verdict()).findings, [])
  await house.database.pool.query('DELETE FROM incident.enquiry')
  assert.deepEqual(
    (await verdict()).findings.map(({ account }) => account),
    ['what the press asked and was told'],
  )
})
