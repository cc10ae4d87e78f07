import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commitToBody, commitToHeader, encodeEntry } from '../../../src/ledger/commitment.ts'
import type { Body } from '../../../src/ledger/entry.ts'
import { sameBytes } from '../../../src/ledger/merkle.ts'
import { parseEpoch } from '../../../src/ledger/subjects/epoch.ts'
import { type ChainEnd, chainOf, extendChain, NO_LINKS } from '../../../src/ledger/subjects/link.ts'
import { addEpochRoutes } from '../../../src/ledger/subjects/routes.ts'
import { SubjectMap } from '../../../src/ledger/subjects/subject-map.ts'
import { parseBundle } from '../../../src/ledger/tiles.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { createApp } from '../../../src/platform/http/app.ts'
import { createLog } from '../../../src/platform/log.ts'
import { refuse } from '../../../src/platform/refusal.ts'
import { HERS, look, openEpochs, RECYCLED } from './open-epochs.ts'

interface Texts {
  readonly index: number
  readonly header: string
  readonly headerSalt: string
  readonly body: string
  readonly bodySalt: string
}

test('an auditor replays the map elsewhere, from what the role may fetch and the two public logs', async (t) => {
  const house = await openEpochs(t)
  for (const drafts of [look(HERS.subject, 't1'), look(RECYCLED, 'old'), look(HERS.subject, 't1', 'g2')]) {
    for (const draft of drafts) await house.ledger.record(draft)
    await house.ledger.record({ kind: 'grant', header: {}, body: { tenure: 't1' }, subject: HERS.subject })
    await house.epoch()
  }
  const app = await createApp({
    log: createLog({ level: 'silent', clock: systemClock }),
    clock: systemClock,
    publicUrl: 'http://localhost:8080',
    operatorName: 'Test Mobile',
    demo: true,
    secureCookies: false,
  })
  t.after(() => app.close())
  let signedIn = false
  app.setGuards({
    staff: async (_request, { action }) =>
      signedIn && action === 'read-entry-bodies' ? null : refuse('not-signed-in', 'No.', 'Sign in.'),
  })
  const { epochs: second, database, parties } = house
  addEpochRoutes(app, { epochs: second, pool: database.pool, sealer: parties.keys.sealer })
  const get = async <T>(url: string) => (await app.inject({ url })).json() as T
  for (const url of ['/api/ledger/texts?from=0', '/api/ledger/links?from=0', '/api/ledger/epochs?epoch=0'])
    assert.notEqual((await app.inject({ url })).statusCode, 200, url)
  signedIn = true
  const texts: Texts[] = []
  for (let more = true; more; ) {
    const { entries } = await get<{ entries: Texts[] }>(`/api/ledger/texts?from=${texts.length}&limit=4`)
    texts.push(...entries)
    more = entries.length > 0
  }
  assert.equal(texts.length, 9)
  const { links } = await get<{ links: { subject: string; tenure: string; label: string }[] }>(
    '/api/ledger/links?from=0',
  )
  const labels = new Map(links.map((one) => [`${one.subject}/${one.tenure}`, bytes(one.label)]))
  assert.equal(new Set(links.map(({ label }) => label)).size, labels.size, 'a label is one tenure’s')
  const bundle = (await app.inject({ url: '/subjects/tile/entries/000.p/3' })).rawPayload
  const epochs = parseBundle(bundle).map((text) => parseEpoch(new TextDecoder().decode(text)))
  const map = new SubjectMap()
  const chains = new Map<string, ChainEnd>()
  let at = 0
  for (const { ledgerSize, root } of epochs) {
    const grown = new Set<string>()
    for (; at < ledgerSize; at += 1) {
      const { name, entry } = await chainedBy(house, texts[at]!)
      if (name === null) continue
      chains.set(name, extendChain(chains.get(name) ?? NO_LINKS, entry))
      grown.add(name)
    }
    assert.deepEqual(
      map.stage([...grown].map((name) => ({ label: labels.get(name)!, ...chains.get(name)! }))),
      root,
    )
    map.publish()
  }
  assert.equal(at, 9)
})

async function chainedBy(house: Awaited<ReturnType<typeof openEpochs>>, one: Texts) {
  const { index, header, headerSalt, body, bodySalt } = one
  const entry = encodeEntry(commitToHeader(header, bytes(headerSalt)), commitToBody(body, bytes(bodySalt)))
  const [logged] = await house.ledger.publicEntries(index, 1)
  assert.ok(sameBytes(logged!, entry))
  const { kind, subject, opening, says } = JSON.parse(body) as Body
  const chain = chainOf({ kind, subject: subject ?? null, body: says, ...(opening ? { opening } : {}) })
  return { entry, name: chain === null ? null : `${chain.subject}/${chain.tenure}` }
}

function bytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}
