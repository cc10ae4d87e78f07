import type { Role } from '../../src/staff/staff.ts'
import { type Body, type Browser, openBrowser } from '../../src/steal/hands.ts'
import type { Attack } from './attack.ts'
import { shopOf } from './champions.ts'
import {
  askForLook,
  attempt,
  breakGlass,
  CUSTOMERS,
  closeContact,
  copyRows,
  DESKS,
  idOf,
  lookWithPin,
  rungDone,
  type Scene,
  sitAt,
  written,
} from './scene.ts'

/** What every role tries alone and in pairs, and what those try who manage people. */

/** Somebody of each role who is on duty at any hour. */
const OF_ROLE: Readonly<Record<Role, readonly [string, string]>> = {
  champion: ['M-17', 'M-6'],
  supervisor: ['M-2', 'Y-2'],
  'privacy-officer': ['Y-3', 'N-3'],
  investigator: ['Y-5', 'M-4'],
  counsel: ['N-4', 'N-4'],
  auditor: ['Y-6', 'Y-6'],
  'regulator-officer': ['N-5', 'N-7'],
  administrator: ['Y-1', 'N-1'],
}
const ROLES = Object.keys(OF_ROLE) as Role[]

/** Every door that could lead to rows, tried by one person with another to say the second word. */
async function tryEveryDoor(scene: Scene, first: string, second: string | null): Promise<void> {
  const shop = await shopOf(scene, 'mandalay')
  const by = await sitAt(scene, first, DESKS.get(first)?.role === 'champion' ? shop : undefined)
  const other = second === null ? by : await sitAt(scene, second, shop)
  for (const channel of ['shop', 'call'] as const) {
    const opened = await attempt(scene, by, 'POST', '/api/care/contacts', {
      number: written(scene.victim),
      channel,
    })
    if (opened.status !== 200) continue
    const contact = String(opened.body.id)
    await sayThatSheIsHere(scene, by, other, contact)
    await askAndCopy(scene, by, other, contact)
    await closeContact(scene, by, contact)
  }
  await breakGlass(scene, by)
  await readAround(scene, by)
}

async function sayThatSheIsHere(scene: Scene, by: Browser, other: Browser, contact: string): Promise<void> {
  const document = { kind: 'nrc', unexpired: true, compared: true }
  const path = `/api/care/contacts/${contact}/factors/photo-id`
  await attempt(scene, by, 'POST', path, { document })
  const said = await attempt(scene, other, 'POST', `${path}/answer`, { seen: true })
  if (said.status === 200 && rungDone((said.body.contact ?? {}) as Body, 'person'))
    scene.met.add('photo ID passed')
}

async function askAndCopy(scene: Scene, by: Browser, other: Browser, contact: string): Promise<void> {
  const asked = await askForLook(scene, by, contact)
  if (asked.status !== 200) return
  await approveWhatWaits(scene, other)
  await copyRows(scene, by, String(asked.body.id))
}

async function approveWhatWaits(scene: Scene, by: Browser): Promise<void> {
  const team = await attempt(scene, by, 'GET', '/api/care/team')
  for (const { id } of (team.body.approvals as { id: string }[] | undefined) ?? [])
    await attempt(scene, by, 'POST', `/api/care/approvals/${id}`, {
      approve: true,
      reason: 'It is in order.',
    })
}

/** Doors beside the care desk: a trace without an incident, the ledger's texts, other people's packages. */
async function readAround(scene: Scene, by: Browser): Promise<void> {
  await attempt(scene, by, 'POST', '/api/traces', {
    incident: 'none',
    text: '14/8 19:02 •4•1••• 8m',
    subject: written(scene.victim),
  })
  await attempt(scene, by, 'POST', '/api/ledger/evidence', {
    entries: [100],
    reason: 'To see what stands in it.',
  })
  const found = await attempt(scene, by, 'POST', '/api/find', { q: written(scene.victim) })
  if (JSON.stringify(found.body).includes(scene.victim.name.latn)) scene.loot.takeMore('a name for a number')
}

function alone(role: Role): Attack {
  return {
    id: `alone-${role}`,
    who: role === 'champion' ? 'each role alone: a champion' : `each role alone: ${words(role)}`,
    tries: 'tries every door to a customer’s rows, with nobody on the line and nobody to agree',
    run: (scene) => tryEveryDoor(scene, OF_ROLE[role][0], null),
  }
}

function pair(one: Role, other: Role): Attack {
  return {
    id: `pair-${one}-${other}`,
    who: `pairs: ${words(one)} and ${words(other)}`,
    tries:
      'the first tries every door to a customer’s rows, the second says yes to whatever waits for a second word',
    run: (scene) => tryEveryDoor(scene, OF_ROLE[one][0], OF_ROLE[other][1]),
  }
}

function words(role: Role): string {
  const named = role.replace('regulator-officer', 'regulator’s officer').replaceAll('-', ' ')
  return /^[aeiou]/.test(named) ? `an ${named}` : `a ${named}`
}

/** Each role alone, and each ordered pair in which the first could come to a customer at all or hand out access. */
export const ROLE_ATTACKS: readonly Attack[] = [
  ...ROLES.map(alone),
  ...ROLES.flatMap((one) => ROLES.map((other) => pair(one, other))),
]

export const PAIR_ATTACKS: readonly Attack[] = [
  {
    id: 'two-clerks',
    who: 'two champions of one shop',
    tries: 'on the shop’s device, one ticks a photo ID that nobody showed and the other confirms it',
    quick: true,
    run: async (scene) => {
      const shop = await shopOf(scene, 'mandalay')
      const by = await sitAt(scene, 'M-17', shop)
      const other = await sitAt(scene, 'M-6', shop)
      const asked = { number: written(scene.victim), channel: 'shop' }
      const opened = await attempt(scene, by, 'POST', '/api/care/contacts', asked)
      const contact = String(opened.body.id ?? 'none')
      await sayThatSheIsHere(scene, by, other, contact)
      await askAndCopy(scene, by, other, contact)
      await closeContact(scene, by, contact)
    },
  },
  {
    id: 'own-approval',
    who: 'a supervisor',
    tries: 'opens a look that needs a second word, and gives it herself',
    run: async (scene) => {
      const by = await sitAt(scene, 'M-2')
      const opened = await attempt(scene, by, 'POST', '/api/care/contacts', {
        number: written(scene.victim),
        channel: 'call',
      })
      const contact = String(opened.body.id ?? 'none')
      await askAndCopy(scene, by, by, contact)
      const broken = await attempt(scene, by, 'POST', '/api/care/break-glass', {
        number: written(scene.victim),
        reason: 'A child has been missing since the morning.',
      })
      const glass = (broken.body.breakGlass as { id?: string } | undefined)?.id ?? 'none'
      const reviewed = { finding: 'justified', note: 'It was needed.' }
      await attempt(scene, by, 'POST', `/api/care/break-glass/${glass}/review`, reviewed)
    },
  },
  {
    id: 'looks-pooled',
    who: 'two champions and the customer’s honest calls',
    tries: 'each copies a look at the same customer, and they lay both side by side',
    run: async (scene) => {
      for (const desk of ['M-17', 'M-6']) {
        const { by, contact, phone, grant } = await lookWithPin(scene, desk, scene.victim)
        const waits = await sitAt(scene, 'Y-2')
        await approveWhatWaits(scene, waits)
        await copyRows(scene, by, grant)
        await closeContact(scene, by, contact)
        await phone.hangUp()
      }
    },
  },
]

export const ADMINISTRATOR_ATTACKS: readonly Attack[] = [
  {
    id: 'role-for-oneself',
    who: 'an administrator',
    tries: 'gives himself the role of a champion',
    quick: true,
    run: async (scene) => {
      const by = await sitAt(scene, 'Y-1')
      const own = await idOf(scene.house, 'Y-1')
      const reason = 'Needed at the desk this week.'
      const proposed = await attempt(scene, by, 'POST', `/api/people/${own}/roles`, {
        role: 'champion',
        reason,
      })
      const proposal = String(proposed.body.proposal ?? 'none')
      await attempt(scene, by, 'POST', `/api/role-proposals/${proposal}/approval`)
      if (await holds(scene, 'Y-1', 'champion')) scene.loot.takeMore('the role of a champion')
    },
  },
  {
    id: 'puppet-alone',
    who: 'an administrator',
    tries: 'hires a person who does not exist and gives them the role of a champion alone',
    alone: true,
    run: async (scene) => {
      const by = await sitAt(scene, 'Y-1')
      await hirePuppet(scene, by, by)
    },
  },
  {
    id: 'puppet-of-two',
    who: 'two administrators',
    tries: 'hire a person who does not exist, make them a champion, and use their desk to look',
    alone: true,
    run: async (scene) => {
      const by = await sitAt(scene, 'Y-1')
      const other = await sitAt(scene, 'N-1')
      const puppet = await hirePuppet(scene, by, other)
      if (puppet === null) return
      const opened = await attempt(scene, puppet, 'POST', '/api/care/contacts', {
        number: written(scene.victim),
        channel: 'call',
      })
      if (opened.status === 200) await askAndCopy(scene, puppet, puppet, String(opened.body.id))
      await breakGlass(scene, puppet)
    },
  },
  {
    id: 'administrator-at-the-ledger',
    who: 'an administrator',
    tries: 'reads the ledger for who was looked at and why',
    run: async (scene) => {
      const by = await sitAt(scene, 'Y-1')
      const page = await attempt(scene, by, 'GET', '/api/ledger/entries')
      const text = JSON.stringify(page.body)
      if (CUSTOMERS.some(({ name }) => text.includes(name.latn))) scene.loot.takeMore('customers’ names')
      await attempt(scene, by, 'GET', '/api/ledger/entries/100/body')
    },
  },
]

async function holds({ house }: Scene, desk: string, role: string): Promise<boolean> {
  const id = await idOf(house, desk)
  const rows = await house.sql('SELECT 1 FROM staff.role WHERE staff_id = $1 AND role = $2', [id, role])
  return rows.length > 0
}

/** The puppet's browser, or null where it never came to be. */
async function hirePuppet(scene: Scene, by: Browser, other: Browser): Promise<Browser | null> {
  const added = await attempt(scene, by, 'POST', '/api/people', {
    name: 'Aye Aye',
    office: 'mandalay',
    team: 'mandalay-a',
  })
  const id = String(added.body.id ?? '')
  if (id === '') return null
  scene.attackers.add(String(added.body.deskName))
  const reason = 'A new champion for Mandalay.'
  const proposed = await attempt(scene, by, 'POST', `/api/people/${id}/roles`, { role: 'champion', reason })
  const proposal = String(proposed.body.proposal ?? 'none')
  const approved = await attempt(scene, other, 'POST', `/api/role-proposals/${proposal}/approval`)
  if (approved.status !== 200) return null
  scene.loot.takeMore('a champion’s desk for a person who does not exist')
  const now = scene.house.now()
  await attempt(scene, by, 'POST', `/api/people/${id}/trainings`, {
    course: 'call-detail',
    passedAt: now - 1000,
    expiresAt: now + 86_400_000,
  })
  await attempt(scene, by, 'POST', `/api/people/${id}/shifts`, {
    shifts: [{ from: now - 60_000, until: now + 3_600_000 }],
  })
  const puppet = openBrowser(scene.house.origin)
  const signedIn = await puppet.ask('POST', '/api/demo/session', { staffId: id })
  if (signedIn.status !== 200) return null
  const conduct = await attempt(scene, puppet, 'GET', '/api/conduct')
  await attempt(scene, puppet, 'POST', '/api/conduct/signature', {
    version: (conduct.body.current as { version?: number } | undefined)?.version ?? 1,
  })
  return puppet
}
