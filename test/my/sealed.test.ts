import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EntryDraft } from '../../src/ledger/entry.ts'
import type { CompletenessProof } from '../../src/ledger/subjects/completeness.ts'
import { type House, openHouse, signIn, type Visitor, visit, writeLook } from './house.ts'

// Her bill and her calls are left out: reading them is a line of its own.
const PATHS = [
  '/my',
  '/my/case',
  '/my/protection',
  '/my/looks/g1',
  '/my/looks/g1/proof',
  '/my/looks/g1/not-mine',
]

test('every page and proof of hers is the same with and without a sealed disclosure, until it opens', async (t) => {
  const house = await openHouse(t, { looks: false })
  const { subject, tenure } = house.her
  await writeLook(house, 'g1', { rows: 3, channel: 'call', confirmed: true, tenure })
  const her = visit(house.app)
  await signIn(house, her, 'person')
  for (const path of PATHS) await her.get(path)
  await record(house, [neutral(1), neutral(2), neutral(3)])
  const without = await seenBy(house, her)
  const request = { header: { caseSerial: 'MM-2026-0001', counts: { opensBy: 99_999 } } }
  const opening = { subject, tenure, from: 0, until: 9, fields: ['start'] as const }
  await record(house, [
    { kind: 'request-opened', header: { caseSerial: 'MM-2026-0001' }, body: { request: 'r1' }, opening },
    { kind: 'request-delivered', ...request, body: { request: 'r1' } },
    { kind: 'secrecy-slot', ...request, body: { request: 'r1', label: without.label } },
  ])
  const sealed = await seenBy(house, her)
  assert.deepEqual(sealed, without)
  const opened = { request: 'r1', tenure, slot: 99, fields: [], from: 0, until: 9, rows: 1, deliveredAt: 1 }
  const words = { en: 'the authority', my: 'အာဏာပိုင်' }
  await record(house, [
    {
      ...{ kind: 'authority-disclosure', header: { outcome: 'told' }, subject },
      body: { ...opened, authority: words, gate: words, basis: words },
    },
  ])
  assert.notDeepEqual(await seenBy(house, her), without, 'once it opens, she sees it')
})

function neutral(n: number): EntryDraft {
  return { kind: 'grant', header: {}, body: { n } }
}

async function record({ room, epochs }: House, drafts: readonly EntryDraft[]): Promise<void> {
  for (const draft of drafts) await room.ledger.record(draft)
  await epochs.make()
}

/** What she can be shown, with what is signed over the whole ledger left out. */
async function seenBy({ epochs }: House, her: Visitor) {
  const pages = await Promise.all(
    PATHS.map(async (path) => {
      const { status, body, to } = await her.get(path)
      return [path, status, to, withoutSigned(body)]
    }),
  )
  const proof = JSON.parse((await her.get('/my/complete')).body) as CompletenessProof
  const links = JSON.parse((await her.get('/my/complete/links?after=0&upTo=99')).body) as {
    bundles: { index: number; header: unknown; body: unknown; leaf: string }[]
  }
  const bundles = links.bundles.map(({ index, header, body, leaf }) => ({ index, header, body, leaf }))
  const { ordinal, own, next } = proof
  const begin = await epochs.begin()
  return { pages, ordinal, own, next, label: own.label, bundles, begin }
}

function withoutSigned(body: string): string {
  return body.replaceAll(/"proof":"[^"]*"/g, '"proof":""').replaceAll(/name="_csrf" value="[^"]*"/g, '')
}
