import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Chain, CONFIDENCES, changeChain, GROUNDS, MOST_SURE } from '../../src/incident/chain-rules.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import { ok } from '../care/open-care.ts'
import { lookAt } from '../trace/open-trace.ts'
import { confirmedCase, openCourt, refusal, says } from './open-court.ts'

test('the investigator draws who gave it to whom, each link on its ground, each change an entry', async (t) => {
  const house = await openCourt(t)
  await house.trace.commitMaskKeys()
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  house.time += 60_000
  const { rows } = await lookAt(house, thiri, [1])
  house.time += 60_000
  const { id, serial, investigator, privacy, counsel } = await confirmedCase(house, thiri)
  const text = rows
    .map(({ day, start, digits, lasted }) => `${Number(day.slice(8))}/8 ${start} ${digits} ${lasted.en}`)
    .join('\n')
  const trace = await ok(house, investigator, 'POST', '/api/traces', { text, incident: serial })
  const url = `/api/incidents/${id}/chain`
  const person = (kind: string, name: string) =>
    ok(house, investigator, 'POST', url, { do: 'person', kind, name, says })
  await person('employee', thiri.deskName)
  await person('friend', 'A friend in Mandalay')
  const { people } = await person('recipient', 'Her business associate')
  const [employee, friend, recipient] = people.map((one: { id: string }) => one.id)
  const link = {
    ...{ do: 'link', from: employee, to: friend, how: 'gave the list', confidence: 'proven', says },
    ground: { kind: 'trace', ref: trace.id, says: '' },
  }
  assert.equal(await refusal(house, privacy, url, link), 'not-in-role')
  const stray = { ...link, ground: { kind: 'trace', ref: 'a'.repeat(24), says: '' } }
  assert.equal(await refusal(house, investigator, url, stray), 'chain-ground-unknown')
  await ok(house, investigator, 'POST', url, link)
  const heard = {
    ...link,
    from: friend,
    to: recipient,
    ground: { kind: 'testimony', ref: null, says: 'He said so.' },
  }
  assert.equal(await refusal(house, investigator, url, heard), 'chain-too-sure')
  const drawn = await ok(house, investigator, 'POST', url, { ...heard, confidence: 'likely' })
  assert.equal(drawn.links.length, 2)
  const [, second] = drawn.links
  const revised = { do: 'revise', id: second.id, confidence: 'disputed', ground: heard.ground, says }
  await ok(house, investigator, 'POST', url, revised)
  assert.equal(
    await refusal(house, investigator, url, { do: 'remove', id: recipient, says }),
    'chain-person-linked',
  )
  const seen = await ok(house, counsel, 'GET', url)
  assert.deepEqual(
    seen.links.map((one: { confidence: string }) => one.confidence),
    ['proven', 'disputed'],
  )
  assert.equal(seen.traces[0].id, trace.id)
  const entries = await house.ledger.entriesBy(investigator.id, { limit: 100 })
  const changes = entries.filter(({ kind }) => kind === 'chain-drawn')
  assert.equal(changes.length, 6)
  assert.ok(
    changes.every(({ body }) => body?.says === says),
    'each with its reason',
  )
  assert.ok(changes.every(({ header }) => header.kind === 'other'))
})

test('no ground makes anybody surer than it can, and a leak path is never proof', () => {
  const people = ['a', 'b'].map((id) => ({ id, kind: 'other' as const, name: id }))
  const chain: Chain = { people, links: [] }
  const known = { traces: new Set(['t']), paths: new Set(['p']) }
  const refs = { trace: 't', path: 'p', testimony: null, document: null }
  for (const kind of GROUNDS)
    for (const confidence of CONFIDENCES) {
      const ground = { kind, ref: refs[kind], says: '' }
      const link = { id: 'l', from: 'a', to: 'b', how: 'told', ground, confidence }
      const next = changeChain(chain, { do: 'link', link }, known)
      const may = CONFIDENCES.indexOf(confidence) <= CONFIDENCES.indexOf(MOST_SURE[kind])
      assert.equal(!isRefusal(next), may, `${kind} ${confidence}`)
    }
  assert.equal(MOST_SURE.path, 'possible')
})
