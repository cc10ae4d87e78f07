import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeBase64, parseBase64 } from '../../../src/ledger/base64.ts'
import { nodeSha256, nodeVerifyEd25519 } from '../../../src/ledger/node-crypto.ts'
import {
  type CompletenessProof,
  requireAllLinks,
  verifyCompleteness,
} from '../../../src/ledger/subjects/completeness.ts'
import { parseEpoch } from '../../../src/ledger/subjects/epoch.ts'
import { createEpochs } from '../../../src/ledger/subjects/epochs.ts'
import { NO_LINKS } from '../../../src/ledger/subjects/link.ts'
import { encodeMapProof, parseMapProof } from '../../../src/ledger/subjects/map-proof.ts'
import { verifyWitnessed } from '../../../src/ledger/trust-policy.ts'
import {
  EPOCHS_ORIGIN,
  type EpochHouse,
  HER_NUMBER,
  HERS,
  look,
  openEpochs,
  RECYCLED,
} from './open-epochs.ts'

const CRYPTO = { hash: nodeSha256, verify: nodeVerifyEd25519 }

test('her list is proven whole, and that nobody has looked is proven too', async (t) => {
  const house = await openEpochs(t)
  await house.epoch()
  assert.deepEqual((await check(house)).end, NO_LINKS)
  for (const draft of look(HERS.subject, 't1')) await house.ledger.record(draft)
  await house.epoch()
  const { end, epoch, signedBy, signedAt } = await check(house)
  assert.equal(end.count, 2)
  assert.equal(epoch.epoch, 1)
  assert.deepEqual([...signedBy].sort(), ['consumers', 'regulator'])
  assert.equal(signedAt, house.parties.clock.now())
  const entries = await shown(house)
  requireAllLinks(entries, end, nodeSha256)
  assert.throws(() => requireAllLinks(entries.slice(1), end), { code: 'links-missing' })
  assert.throws(() => requireAllLinks([entries[0]!, entries[0]!], end), { code: 'links-other' })
  assert.throws(() => requireAllLinks([...entries, entries[0]!], end), { code: 'links-other' })
})

test('an epoch waits until witnesses have signed the last, and none is made where nothing changed', async (t) => {
  const house = await openEpochs(t)
  await house.ledger.record(look(HERS.subject, 't1')[0]!)
  await house.ledger.witnessing.round()
  assert.equal((await house.epochs.make())?.epoch, 0)
  await house.ledger.record(look(HERS.subject, 't1')[0]!)
  await house.ledger.witnessing.round()
  assert.equal(await house.epochs.make(), null)
  assert.equal(await house.epochs.prove(HERS).then((p) => p?.checkpoint.split('\n')[1]), '1')
  await house.epochs.witnessing.round()
  assert.equal((await house.epochs.make())?.epoch, 1)
  await house.epochs.witnessing.round()
  assert.equal(await house.epochs.make(), null)
})

test('another server has the same map, and a map that was changed behind its back is noticed', async (t) => {
  const house = await openEpochs(t)
  for (const draft of look(HERS.subject, 't1')) await house.ledger.record(draft)
  await house.epoch()
  const other = await createEpochs(house.parties)
  t.after(() => other.close())
  assert.deepEqual(await other.prove(HERS), await house.epochs.prove(HERS))
  // A count lowered: in the table that the map is read from.
  await house.database.pool.query('UPDATE epochs.change SET count = 1')
  const third = await createEpochs(house.parties)
  t.after(() => third.close())
  await assert.rejects(third.prove(HERS), { code: 'map-broken' })
})

test('the new holder of a recycled number is proven nothing of the old one, nor shown that there was anything', async (t) => {
  const house = await openEpochs(t)
  for (const draft of look(RECYCLED, 'old')) await house.ledger.record(draft)
  await house.epoch()
  const proof = await house.epochs.prove({ subject: RECYCLED, tenure: 'new' })
  assert.equal(proof?.ordinal, 2)
  const { end } = await verify(house, proof!, '+959791204413')
  assert.deepEqual(end, NO_LINKS)
  assert.deepEqual(
    await house.epochs.links({ subject: RECYCLED, tenure: 'new' }, { after: 0, upTo: 9, limit: 9 }),
    [],
  )
})

test('looks under an invented second tenure are found: the next holder has to be absent', async (t) => {
  const house = await openEpochs(t, {
    holders: async () => [
      { number: HER_NUMBER, tenure: 't1' },
      { number: HER_NUMBER, tenure: 'invented' },
    ],
  })
  for (const draft of look(HERS.subject, 'invented')) await house.ledger.record(draft)
  await house.epoch()
  await assert.rejects(check(house), { code: 'holder-after' })
})

test('a forged proof of the label, an absence claimed, and an older epoch are refused', async (t) => {
  const house = await openEpochs(t)
  for (const draft of look(HERS.subject, 't1')) await house.ledger.record(draft)
  await house.epoch()
  const older = (await house.epochs.prove(HERS))!
  for (const draft of look(HERS.subject, 't1')) await house.ledger.record(draft)
  await house.epoch()
  const honest = (await house.epochs.prove(HERS))!
  const fails = (proof: CompletenessProof, code: string | RegExp, number = HER_NUMBER) =>
    assert.rejects(verify(house, proof, number), { code })
  const label = parseBase64(honest.own.label)
  label[40]! ^= 1
  await fails({ ...honest, own: { ...honest.own, label: encodeBase64(label) } }, 'vrf-proof-wrong')
  await fails(honest, 'vrf-proof-wrong', '+959791204499')
  // Somebody else's true label in place of hers.
  const other = (await house.epochs.prove({ subject: RECYCLED, tenure: 'new' }))!
  await fails({ ...honest, own: other.own }, 'vrf-proof-wrong')
  // "Nobody has looked": the path of a label that is not there, under her own label.
  const path = parseMapProof(parseBase64(honest.own.path))
  const absent = encodeBase64(encodeMapProof({ ...path, leaf: null }))
  await fails({ ...honest, own: { ...honest.own, path: absent } }, 'map-proof-wrong')
  // The older epoch's entry under the newest checkpoint; its paths under the newest root.
  await fails({ ...honest, epoch: older.epoch }, 'epoch-not-last')
  await fails({ ...honest, own: older.own }, 'map-proof-wrong')
  const lowered = honest.epoch.replace(/\n[0-9]+\n$/, '\n1\n')
  await fails({ ...honest, epoch: lowered }, 'proof-wrong')
  assert.equal(parseEpoch(honest.epoch).epoch, 1)
})

test('two maps for two readers: the second has no witness', async (t) => {
  const [house, fork] = [await openEpochs(t), await openEpochs(t, { witnesses: 0 })]
  for (const one of [house, fork]) await one.epoch()
  const proof = (await fork.epochs.prove(HERS))!
  await assert.rejects(verify(house, proof, HER_NUMBER), {
    code: /^(note-unsigned|signature-wrong|quorum-missing)$/,
  })
  const resigned = proof.checkpoint
  assert.ok(!resigned.includes('regulator'))
  // A fork that the operator's own key signed: the witnesses have signed another, so their names are missing.
  const honest = (await house.epochs.prove(HERS))!
  const ownOnly = honest.checkpoint.split('\n').slice(0, 5).join('\n')
  await assert.rejects(verify(house, { ...honest, checkpoint: `${ownOnly}\n` }, HER_NUMBER), {
    code: 'quorum-missing',
  })
})

test('promise 3: another map for another reader, signed by the same key, is refused by the witnesses, and nothing is revealed', async (t) => {
  const house = await openEpochs(t)
  const { pool } = house.database
  const tables = ['head', 'epoch', 'change', 'tile', 'checkpoint', 'cosignature', 'witness']
  await house.epoch()
  for (const table of tables) await pool.query(`CREATE TABLE public.${table}_then AS TABLE epochs.${table}`)
  for (const draft of look(HERS.subject, 't1')) await house.ledger.record(draft)
  await house.epoch()
  const shown = (await house.epochs.prove(HERS))!
  // For the second reader the second log goes on from its first epoch, with another second one.
  for (const table of tables)
    await pool.query(`DELETE FROM epochs.${table}; INSERT INTO epochs.${table} TABLE public.${table}_then`)
  await house.ledger.record({ kind: 'grant', header: {}, body: { tenure: 't1' }, subject: HERS.subject })
  const fork = await createEpochs(house.parties)
  t.after(() => fork.close())
  await house.ledger.witnessing.round()
  assert.equal((await fork.make())?.epoch, 1)
  assert.equal(house.ledger.witnessing.alarm(), null)
  await fork.witnessing.round()
  assert.equal((await verify(house, shown, HER_NUMBER)).checkpoint.size, 2)
  const { note: forked } = await fork.newest()
  assert.notEqual(forked.split('\n')[2], shown.checkpoint.split('\n')[2])
  assert.throws(() => verifyWitnessed(house.epochs.policy, forked), { code: 'quorum-missing' })
  const { witnessing } = house.ledger
  assert.deepEqual([witnessing.alarm(), witnessing.stopsReveals()], ['refused', 'refused'])
  const refusing = witnessing.countersigned().witnesses.filter(({ refusedAt }) => refusedAt !== null)
  assert.deepEqual(
    refusing.map(({ name }) => name),
    ['regulator', 'consumers'],
  )
  await assert.rejects(house.ledger.record(look(HERS.subject, 't1')[0]!), { code: 'reveals-stopped' })
  const said = (await house.ledger.entries({ limit: 9 })).filter(({ kind }) => kind === 'witness-refused')
  assert.deepEqual(
    said.map(({ body }) => body?.origin),
    [EPOCHS_ORIGIN, EPOCHS_ORIGIN],
  )
})

async function check(house: EpochHouse) {
  const proof = await house.epochs.prove(HERS)
  assert.ok(proof !== null)
  return verify(house, proof, HER_NUMBER)
}

async function verify(house: EpochHouse, proof: CompletenessProof, number: string) {
  const { size: ledgerSize } = await house.ledger.published()
  return verifyCompleteness(proof, number, { policy: house.epochs.policy, ledgerSize }, CRYPTO)
}

async function shown(house: EpochHouse): Promise<Uint8Array[]> {
  const links = await house.epochs.links(HERS, { after: 0, upTo: 100, limit: 100 })
  const entries = await Promise.all(links.map(({ index }) => house.ledger.publicEntries(index, 1)))
  return entries.flat()
}
