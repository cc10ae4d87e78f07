import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { type LawfulFrame, readFrames } from '../../src/calls/lawful-frame.ts'
import { CHECK_IDS, type CheckId } from '../../src/lawful/checks.ts'
import type { Actor, Command } from '../../src/lawful/command.ts'
import { fileRequest } from '../../src/lawful/filing-rules.ts'
import { type Answer, askedScope, type Case, type Filing } from '../../src/lawful/request.ts'
import { step } from '../../src/lawful/rules.ts'
import { isRefusal, type Refusal } from '../../src/platform/refusal.ts'

export const MM_FILE = new URL('../../jurisdictions/mm.json', import.meta.url)
const frames = readFrames(readJurisdiction(MM_FILE).lawful)
export const MM = frames[0] as LawfulFrame
export const EU = frames[1] as LawfulFrame
export const NOW = Date.UTC(2026, 9, 11, 3)
export const DAY_S = 86_400
export const REASONS = 'The letter names one number and nine days, and the arrest explains both.'

/** A homicide request for one number and nine days, as the regulator would file it. */
export function filing(more: Partial<Filing> = {}): Filing {
  const until = Math.floor(NOW / 1000) - DAY_S
  return {
    frame: 'mm',
    requestNumber: 'PTD-2026-0117',
    authority: 'cid-yangon',
    officer: { name: 'Zaw Lin', rank: 'Inspector', phone: '+9511549309' },
    caseNumber: 'FIR 211/2026',
    category: 'homicide',
    offence: 'Penal Code 302',
    basis: 'MM-TEL-75',
    paper: { date: '2026-10-10', authorisedBy: 'Aung Htoo', rank: 'Police Colonel' },
    identifiers: [{ type: 'msisdn', value: '+959791204412', role: 'victim', from: until - 9 * DAY_S, until }],
    fields: ['time', 'length', 'kind', 'other-number'],
    asksContent: false,
    necessity: 'Who the murdered man spoke with in his last nine days.',
    urgency: 'routine',
    threatToLife: null,
    secrecyUntil: NOW + 60 * DAY_S * 1000,
    preserveOnly: false,
    ...more,
  }
}

export const PEOPLE = {
  filer: { id: 'filer', roles: ['regulator-officer'] },
  filterer: { id: 'filterer', roles: ['regulator-officer'] },
  counsel: { id: 'counsel', roles: ['counsel'] },
  otherCounsel: { id: 'other-counsel', roles: ['counsel'] },
  privacy: { id: 'privacy', roles: ['privacy-officer'] },
  investigator: { id: 'investigator', roles: ['investigator'] },
  both: { id: 'both', roles: ['counsel', 'privacy-officer'] },
  champion: { id: 'champion', roles: ['champion'] },
} as const satisfies Record<string, Actor>

/** The result of a command that must not be refused. */
export function done(result: Case | Refusal): Case {
  if (isRefusal(result)) throw new Error(`refused: ${result.code}: ${result.says}`)
  return result
}

/** Files, then does each command as each person. */
export function play(
  first: Filing,
  commands: readonly (readonly [Actor, Command])[],
  frame = MM,
  now = NOW,
): Case {
  return commands.reduce<Case>(
    (one, [actor, command]) => done(step(one, command, { now, frame, actor })),
    done(fileRequest(first, PEOPLE.filer, { now, frame })),
  )
}

export const TAKE: readonly [Actor, Command] = [PEOPLE.filterer, { do: 'take' }]
export const PASS: readonly [Actor, Command] = [
  PEOPLE.filterer,
  { do: 'filter', outcome: 'passed', reason: REASONS },
]

/** Every standard answered yes, but for those named. */
export function answers(by: Actor, noes: readonly CheckId[] = []): (readonly [Actor, Command])[] {
  const given = CHECK_IDS.map((check) => ({
    check,
    answer: noes.includes(check) ? ('no' as const) : ('yes' as const),
    reason: 'As the letter says.',
  }))
  return [[by, { do: 'answer-checks', answers: given }]]
}

/** All that was asked. */
export function whole(of: Filing): Answer {
  return { kind: 'approve', scope: askedScope(of) }
}
