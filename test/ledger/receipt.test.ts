import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createLedger } from '../../src/ledger/ledger.ts'
import { claimReceiptPress, type Opening, Receipt, spendReceipt } from '../../src/ledger/receipt.ts'
import { openTestDatabase } from '../support/database.ts'
import { reveal, SUBJECT, testParties } from './parties.ts'

const OPENING: Opening = { subject: SUBJECT, tenure: 't1', from: 0, until: 1, fields: ['otherFull'] }
const FORGED = { code: 'receipt-forged' }

test('promise 1: a receipt cannot be made by anybody but the ledger', () => {
  // @ts-expect-error the constructor is private: this does not type-check
  assert.throws(() => new Receipt(Symbol('receipt'), OPENING), FORGED)
  const build = Receipt as unknown as new (...parts: unknown[]) => Receipt
  assert.throws(() => new build(undefined, OPENING), FORGED)
  assert.throws(() => Reflect.construct(build, [Symbol.for('receipt'), OPENING]), FORGED)
  assert.throws(() => claimReceiptPress(), FORGED)
})

test('promise 1: nothing that looks like a receipt opens', async (t) => {
  const database = await openTestDatabase(t)
  const ledger = await createLedger(testParties(database.pool))
  t.after(() => ledger.close())
  const real = await ledger.receiptFor(await ledger.record(reveal()))
  const lookAlikes: unknown[] = [
    null,
    OPENING,
    Object.create(Receipt.prototype),
    Object.create(real),
    structuredClone(real),
    { ...real },
    new Proxy(real, {}),
  ]
  for (const lookAlike of lookAlikes) assert.throws(() => spendReceipt(lookAlike as Receipt), FORGED)
  // @ts-expect-error an opening is not a receipt: this does not type-check
  assert.throws(() => spendReceipt(OPENING), FORGED)
  assert.deepEqual(spendReceipt(real).rows, undefined)
})

test('promise 1: no receipt for an entry that was rolled back, or that opens nothing', async (t) => {
  const database = await openTestDatabase(t)
  const ledger = await createLedger(testParties(database.pool))
  t.after(() => ledger.close())
  let id: Awaited<ReturnType<typeof ledger.append>> | undefined
  await assert.rejects(
    database.db.transaction().execute(async (trx) => {
      id = await ledger.append(trx, reveal())
      throw new Error('rolled back')
    }),
  )
  await assert.rejects(ledger.receiptFor(id!), { code: 'entry-unknown' })
  const { opening: _, ...closed } = reveal()
  await assert.rejects(ledger.receiptFor(await ledger.record(closed)), { code: 'no-opening' })
})

test('promise 1: what a receipt opens cannot be widened after its entry is on record', async (t) => {
  const database = await openTestDatabase(t)
  const ledger = await createLedger(testParties(database.pool))
  t.after(() => ledger.close())
  const fields = ['start'] as ('start' | 'otherFull')[]
  const draft = { ...reveal(), opening: { ...OPENING, fields } }
  const recording = ledger.record(draft)
  fields.push('otherFull')
  const id = await recording
  const opening = spendReceipt(await ledger.receiptFor(id))
  const entry = await ledger.entry(await ledger.indexOf(id))
  assert.deepEqual(opening, entry.opening)
  assert.throws(() => (opening.fields as string[]).push('cell'), TypeError)
})

test('only the ledger asks for the press of receipts, only the vault spends them', () => {
  const source = new URL('../../src/', import.meta.url)
  const users = (name: string) =>
    readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && path !== 'ledger/receipt.ts')
      .filter((path) => readFileSync(new URL(path, source), 'utf8').includes(name))
  assert.deepEqual(users('claimReceiptPress'), ['ledger/ledger.ts'])
  assert.ok(users('spendReceipt').every((path) => path.startsWith('vault/')))
})
