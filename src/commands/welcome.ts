import { STORY_NUMBER } from '../../demo/seed.ts'
import { formatNumber } from '../calls/numbers.ts'
import type { RunningServer } from '../server.ts'
import { OFFICES, ROLE_WORDS, type Role } from '../staff/staff.ts'

/** What a newcomer is told once everything runs: addresses, and in a demo whom to sign in as. */
export async function welcome({ url, rooms }: RunningServer): Promise<string[]> {
  const { instance } = rooms.world
  const head = await rooms.ledger.head()
  const lines = [
    '',
    `  Countersign · ${rooms.operator.name.en} · ${head.size} entries in the ledger`,
    '',
    `  Staff console      ${url}/`,
    `  Customer's page    ${url}/my`,
    `  Public log         ${url}/log/checkpoint`,
  ]
  if (instance.born === 'real') return [...lines, '', '  Ctrl-C stops it.', '']
  return [
    ...lines,
    `  The phone          ${url}/demo/phone   (rings care, shows texts; try ${formatNumber(STORY_NUMBER)})`,
    `  Try to steal it    ${url}/demo/steal   (a champion's desk in a copy of this demo, and what the other side sees)`,
    '',
    '  Sign in at the console with one click as:',
    ...(await signIns(rooms.staff)),
    '',
    `  A demo: everything in it is made up, and its passphrase lies in ${instance.keyDirectory}.`,
    '  Ctrl-C stops it.',
    '',
  ]
}

const SHOWN: readonly { role: Role; tries: string }[] = [
  { role: 'champion', tries: 'explains a bill to a verified caller' },
  { role: 'supervisor', tries: 'sees the team, gives second words' },
  { role: 'privacy-officer', tries: 'reads the reports of "not me"' },
  { role: 'auditor', tries: 'reads and proves the ledger' },
  { role: 'administrator', tries: 'manages people, sees no customer' },
]

async function signIns(staff: RunningServer['rooms']['staff']): Promise<string[]> {
  const lines: string[] = []
  for (const { role, tries } of SHOWN) {
    const people = await staff.duty.onCall(role)
    const person = people.find(({ name }) => name === 'Thiri') ?? people[0]
    if (person === undefined) continue
    const office = OFFICES.find(({ id }) => id === person.office)?.words.en ?? person.office
    const who = `${person.name} (${person.deskName}, ${office})`
    lines.push(`    ${who.padEnd(34)} ${ROLE_WORDS[role].en}: ${tries}`)
  }
  return lines
}
