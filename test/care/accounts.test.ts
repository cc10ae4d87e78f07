import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNTS } from '../../src/accounts.ts'
import { verifyState } from '../../src/ledger/verify-state.ts'
import { ok, openCare, openLook } from './open-care.ts'

/** What a superuser types, and what is said about it. */
const ATTACKS: { sql: string; account: string; code: 'state-without-entry' | 'entry-without-state' }[] = [
  {
    sql: `INSERT INTO care.contact SELECT (jsonb_populate_record(c, '{"id": "smuggled"}')).* FROM care.contact c LIMIT 1`,
    account: 'contacts',
    code: 'state-without-entry',
  },
  {
    sql: `UPDATE care.contact SET passed = '[{"factor": "photo-id", "at": 1}]'`,
    account: 'verifications',
    code: 'state-without-entry',
  },
  { sql: `UPDATE care.contact SET passed = '[]'`, account: 'verifications', code: 'entry-without-state' },
  {
    sql: `INSERT INTO care.look SELECT (jsonb_populate_record(l, '{"id": "smuggled"}')).* FROM care.look l LIMIT 1`,
    account: 'grants',
    code: 'state-without-entry',
  },
  { sql: 'DELETE FROM care.look', account: 'grants', code: 'entry-without-state' },
  { sql: 'DELETE FROM care.rendering', account: 'renderings of disclosures', code: 'entry-without-state' },
  {
    sql: `INSERT INTO staff.role SELECT id, 'administrator', 0 FROM staff.person LIMIT 1 ON CONFLICT DO NOTHING`,
    account: 'roles',
    code: 'state-without-entry',
  },
  { sql: 'DELETE FROM staff.role', account: 'roles', code: 'entry-without-state' },
  { sql: `UPDATE staff.person SET status = 'frozen'`, account: 'freezes', code: 'state-without-entry' },
  {
    sql: `INSERT INTO staff.dismissal SELECT id, 'clause', 'why', 0 FROM staff.person LIMIT 1`,
    account: 'dismissals',
    code: 'state-without-entry',
  },
  {
    sql: `INSERT INTO staff.verification_policy VALUES (99, '{}', 'quietly', '{}', 0)`,
    account: 'versions of the rules for callers',
    code: 'state-without-entry',
  },
  {
    sql: `INSERT INTO customers.acknowledgement VALUES ('somebody', 'a look', 0)`,
    account: 'looks that customers called their own',
    code: 'state-without-entry',
  },
]

test('promise 2: state without its entry, and an entry without its state, are found and named', async (t) => {
  const care = await openCare(t)
  const { pool } = care.database
  const verify = () => verifyState({ pool, sealer: care.keys.sealer, accounts: ACCOUNTS })
  const thiri = await care.hire(['champion'])
  const { contact, grant } = await openLook(care, thiri)
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  assert.equal((await verify()).ok, true, 'while a disclosure waits for its number')
  await ok(care, thiri, 'POST', `/api/care/contacts/${contact}/closing`, {
    resolution: 'explained',
    note: 'Done.',
  })
  const whole = await verify()
  assert.equal(whole.ok, true, JSON.stringify(whole.findings))
  assert.ok(whole.checked > 10)
  for (const { sql, account, code } of ATTACKS) {
    await pool.query(sql)
    const { ok: holds, findings } = await verify()
    const found = findings.some((finding) => finding.account === account && finding.code === code)
    assert.deepEqual([holds, found], [false, true], `${sql}: ${JSON.stringify(findings)}`)
  }
})
