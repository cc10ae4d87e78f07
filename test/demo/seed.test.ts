import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { callFiles, type DemoWorld, FILE_HEADER, makeWorld } from '../../demo/calls.ts'
import { type DemoPast, planPast } from '../../demo/contacts.ts'
import { switchText } from '../../demo/network.ts'
import { KHIN_MAR_LWIN, MYA_THANDAR_WIN } from '../../demo/people.ts'
import { registerPeople, seedDemo, seedState } from '../../demo/seed.ts'
import { liveContacts } from '../../demo/seed-contacts.ts'
import { granted, hireStaff } from '../../demo/seed-staff.ts'
import { THIRI } from '../../demo/staff.ts'
import { commitWith } from '../../src/ledger/commit.ts'
import type { StaffFacts } from '../../src/staff/staff.ts'
import { type OpenRooms, openRooms } from './open-rooms.ts'

const NOW = Date.UTC(2026, 8, 12, 4, 12)
const SEED = 'test'

/** One contact of each kind, and the bad look: what takes a minute in full takes seconds. */
function fewContacts(plan: DemoPast): DemoPast {
  const kinds = Map.groupBy(plan.contacts, ({ shown, statement }) => `${shown}${statement}`)
  const few = new Set([...kinds.values()].flatMap((contacts) => contacts.slice(0, 2)))
  const contacts = plan.contacts.filter((contact) => few.has(contact) || contact.customer === 1)
  return { ...plan, contacts }
}

/** One file with the calls of those whom the contacts are about, and of Daw Khin Mar Lwin. */
function writeCalls(t: TestContext, world: DemoWorld, { contacts }: DemoPast): string {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-demo-files-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const wanted = new Set(
    [0, ...contacts.map(({ customer }) => customer)].map((at) => switchText(world.people[at]!.number)),
  )
  const lines = [...callFiles(world)]
    .flatMap(({ text }) => text.split('\n').slice(1, -1))
    .filter((line) =>
      line
        .split(',')
        .slice(2, 4)
        .some((party) => wanted.has(party)),
    )
  const path = join(directory, 'calls.csv')
  writeFileSync(path, `${FILE_HEADER}\n${lines.join('\n')}\n`)
  return path
}

async function signIn({ rooms, staff, past }: OpenRooms, deskName: string): Promise<StaffFacts> {
  past.clock.moveTo(Math.max(past.clock.now(), NOW))
  const champion = (await staff.duty.onCall('champion')).find((colleague) => colleague.deskName === deskName)
  assert.ok(champion, `${deskName} is on duty`)
  const who = { staffId: champion.id, how: 'demo', shop: null } as const
  const { token } = await commitWith(rooms.db, rooms.ledger, (trx, append) =>
    staff.sessions.start(trx, append, who),
  )
  return (await staff.sessions.facts(token))!
}

test('the demo’s past is lived through in the real rooms, at the time it is said to have happened', async (t) => {
  const world = makeWorld(SEED, NOW)
  const plan = fewContacts(planPast(world))
  const open = await openRooms(t, SEED, NOW)
  const { rooms, past, customers, care } = open
  assert.equal(await seedState(rooms), 'no')
  const hired = await hireStaff(rooms, past, world, plan)
  assert.equal(hired.size, 60)
  await registerPeople(rooms, world)
  assert.equal(await customers.count(), 2000)
  const { quarantined } = await rooms.fileCalls({ files: [writeCalls(t, world, plan)], progress: () => {} })
  assert.equal(quarantined, 0)
  const done: number[] = []
  await liveContacts({ rooms, past, world, plan, hired }, (share) => done.push(share))
  assert.equal(done.at(-1), 1)

  await t.test(
    'the bad look stands in her entries like any other, and no call stands behind it',
    async () => {
      const her = (await customers.findByNumber(rooms.db, MYA_THANDAR_WIN))!
      const entries = (await rooms.ledger.entriesAbout(her.subject, { limit: 200 })).toReversed()
      const planned = plan.contacts.find(({ customer }) => customer === 1)!
      const opened = entries.find(({ kind }) => kind === 'contact-opened')!
      assert.equal(opened.body?.deskName, planned.deskName)
      assert.equal(opened.body?.confirmedByTelephony, false)
      assert.ok(Math.abs(opened.at - planned.at) < 120_000)
      const verified = entries.find(({ kind }) => kind === 'contact-verified')!
      assert.deepEqual([verified.body?.factor, verified.body?.policyVersion], ['photo-id', 1])
      const shown = entries.filter(({ kind, body }) => kind === 'disclosure' && body?.of === 'rows')
      const last = shown.at(-1)!.body!
      assert.ok(shown.length >= 6)
      assert.equal(last.rowsShownInLook, last.rowsTotal)
    },
  )

  await t.test('the rules for callers are stricter since, by a privacy officer and two more', async () => {
    const versions = await open.staff.verification.list()
    assert.deepEqual(
      versions.map(({ version, rules }) => [version, rules.photoId.secondClerk]),
      [
        [1, false],
        [2, true],
      ],
    )
    assert.equal(versions[1]!.approvedBy.length, 2)
  })

  await t.test('Thiri explains the bill of Daw Khin Mar Lwin in the words of the picture', async () => {
    const thiri = await signIn(open, THIRI)
    past.telephony.ring({ number: KHIN_MAR_LWIN, desk: THIRI })
    const contact = granted(await care.openContact(thiri, { number: '09 791 204 412', channel: 'call' }))
    assert.equal(contact.state, 'verified')
    granted(await care.startFactor(thiri, contact.id, 'pin'))
    const { passed } = granted(
      await care.answerFactor(thiri, contact.id, 'pin', { secret: world.people[0]!.pin! }),
    )
    assert.equal(passed, true)
    const ask = {
      purpose: 'bill-clarification',
      question: 'higher',
      month: world.months[1].month,
      note: '',
    } as const
    const { look } = granted(await care.askForLook(thiri, contact.id, ask))
    const bill = granted(await care.openBill(thiri, look.id))
    assert.equal(
      bill.headline.en,
      '12,400 of 18,900 Ks went to one premium number: 7 calls on the evenings of 14 and 15 August.',
    )
    assert.equal(bill.rowsTotal, 311)
    const rows = granted(await care.openRows(thiri, look.id, 1))
    assert.equal(rows.rows.length, 7)
  })

  await t.test('a directory that was left half filled is refused, and says what to do', async () => {
    assert.equal(await seedState(rooms), 'half')
    await assert.rejects(seedDemo({ rooms, past, now: NOW, seed: SEED }), { code: 'demo-half-seeded' })
  })
})
