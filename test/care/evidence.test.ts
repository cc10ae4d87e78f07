import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openRendering } from '../../src/care/disclose.ts'
import { addEvidenceRoutes } from '../../src/ledger/evidence/routes.ts'
import { verifyBundle } from '../../src/ledger/evidence/verify-bundle.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import { type Hired, ORIGIN } from '../staff/open-room.ts'
import { ok, openCare, openLook } from './open-care.ts'

test('evidence of a look holds exactly the rows that the champion saw, and its making is an entry', async (t) => {
  const care = await openCare(t)
  const { database, keys, ledger } = care
  const { db, pool } = database
  addEvidenceRoutes(care.app, {
    pool,
    ledger,
    sealer: keys.sealer,
    clock: care.parties.clock,
    openShown: (entry) => openRendering({ db, keys }, entry),
  })
  const order = async (who: Hired, body: object) =>
    care.app.inject({
      method: 'POST',
      url: '/api/ledger/evidence',
      headers: {
        cookie: `countersign-staff=${who.token}`,
        'x-csrf-token': csrfTokenOf(who.token),
        origin: ORIGIN,
      },
      payload: body,
    })
  const thiri = await care.hire(['champion'])
  const { grant } = await openLook(care, thiri)
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  const page = await ok(care, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  await ledger.sequence()
  const entries = await ledger.entries({ limit: 50 })
  const disclosures = entries.filter(({ kind }) => kind === 'disclosure').map(({ index }) => index)
  assert.equal(disclosures.length, 2)

  const body = { entries: disclosures, reason: 'police case 17/2026', caseSerial: 'C-17' }
  assert.equal((await order(thiri, body)).statusCode, 403)
  const min = await care.hire(['investigator'])
  assert.equal((await order(min, { ...body, entries: [99_999] })).statusCode, 404)
  const answer = await order(min, body)
  assert.equal(answer.statusCode, 200, answer.body)
  const report = verifyBundle(answer.rawPayload, { verifierKey: ledger.verifierKey })
  assert.deepEqual([report.holds, report.entries.length], [true, 2])
  const rows = report.entries.find(({ body: opened }) => opened?.says.of === 'rows')
  const shown = JSON.parse(rows?.shown ?? '[]') as unknown[][]
  assert.deepEqual(
    shown.map((row) => row[5]),
    page.rows.map(({ digits }: { digits: string }) => digits),
  )
  const made = await ledger.entry(report.sealedBy!)
  assert.deepEqual([made.kind, made.header.caseSerial, made.actor], ['evidence-bundle', 'C-17', min.id])
  const checker = await care.app.inject({ url: '/log/verify.html' })
  assert.match(String(checker.headers['content-security-policy']), /^default-src 'none'; script-src 'sha256-/)
})
