import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { Language } from '../platform/words.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { sweepIncidents } from './alarms.ts'
import type { Held } from './book.ts'
import { seen } from './case-access.ts'
import type { CaseworkParties } from './casework.ts'
import { clocksOf } from './clocks.ts'
import { recordCommunication, registerOf } from './communications.ts'
import { nextDateOf, type Way } from './communications-rules.ts'
import { draftOf, noticesOf, sendNotice, writeNotice } from './notices.ts'
import type { CommunicationAsked, PeopleViewData } from './people-schemas.ts'
import type { RepresentationRow } from './people-store.ts'
import { readRepresentations } from './people-store.ts'
import { speaksForHer } from './representative-rules.ts'
import {
  endForOfficer,
  handleRepresentativeMail,
  openDeed,
  openRepresentation,
  openRepresentative,
  type RepresentationAsked,
  standingOf,
} from './representatives.ts'

/** An officer's work with the people of a case: the register, the notices, and who speaks for the customer. */
export interface PeopleDesk {
  /** The whole register, every notice and every representation of a case. */
  get(staff: StaffFacts, id: string): Promise<PeopleViewData | Refusal>
  /** Files what was said, and shows it on her page where it goes there. */
  record(staff: StaffFacts, id: string, asked: CommunicationAsked): Promise<null | Refusal>
  draft(staff: StaffFacts, id: string, asked: { clock: string; language: Language }): Promise<null | Refusal>
  write(
    staff: StaffFacts,
    id: string,
    asked: { clock: string; texts: Readonly<Record<string, string>> },
  ): Promise<null | Refusal>
  send(
    staff: StaffFacts,
    id: string,
    asked: { clock: string; via: Way; name: string; says: string },
  ): Promise<null | Refusal>
  represent(staff: StaffFacts, id: string, asked: RepresentationAsked): Promise<{ link: string } | Refusal>
  endRepresentation(
    staff: StaffFacts,
    id: string,
    asked: { representation: string; says: string },
  ): Promise<null | Refusal>
  deed(
    staff: StaffFacts,
    id: string,
    representation: string,
  ): Promise<{ digest: string; bytes: Buffer } | Refusal>
  /** What time does: alarms before and at a deadline, and the end of representations. */
  sweep(): Promise<void>
}

/** Opens the desk; registers its jobs, so call it before they start. */
export function createPeopleDesk(parties: CaseworkParties): PeopleDesk {
  handleRepresentativeMail(parties)
  parties.jobs.every('incident-sweep', '* * * * *', () => sweepIncidents(parties))
  return {
    async get(staff, id) {
      const held = await seen(parties, staff, id, 'see-incidents')
      return isRefusal(held) ? held : peopleView(parties, held)
    },
    record: (staff, id, { at = parties.clock.now(), nextAt = null, past = null, ...asked }) =>
      recordCommunication(parties, staff, id, { ...asked, at, nextAt, past, clock: null }),
    draft: (staff, id, asked) => draftOf(parties, staff, id, asked),
    write: (staff, id, asked) => writeNotice(parties, staff, id, asked),
    send: (staff, id, asked) => sendNotice(parties, staff, id, asked),
    represent: (staff, id, asked) => openRepresentation(parties, staff, id, asked),
    endRepresentation: (staff, id, asked) => endForOfficer(parties, staff, id, asked),
    deed: (staff, id, representation) => openDeed(parties, staff, id, representation),
    sweep: () => sweepIncidents(parties),
  }
}

async function peopleView(parties: CaseworkParties, held: Held): Promise<PeopleViewData> {
  const said = await registerOf(parties, held.id)
  const rows = await readRepresentations(parties.db, held.id)
  const clocks = new Map(
    clocksOf(held.case, parties.breach, parties.offsetMinutes).map((clock) => [clock.id, clock]),
  )
  return {
    said: said.map(({ tenure: _tenure, ...line }) => line),
    notices: (await noticesOf(parties, parties.db, held)).map(({ clock, form, draft, missing }) => {
      const due = clocks.get(clock)
      return {
        clock,
        words: due?.words ?? form.name,
        to: due?.to ?? 'authority',
        dueAt: due?.dueAt ?? null,
        sentAt: due?.notice?.at ?? null,
        form: { name: form.name, source: form.source },
        fields: form.fields.map(({ id, words, optional }) => ({
          ...{ id, words, optional: optional === true, text: draft?.texts[id] ?? '' },
        })),
        draft: draft === null ? null : { by: draft.by, savedAt: draft.savedAt, language: draft.language },
        missing: [...missing],
      }
    }),
    representations: rows.map((row) => representationView(parties, row)),
    nextAt: held.case.closedAt === null ? nextDateOf(said) : null,
    customerKnown: held.case.subject !== null,
    represented: rows.some((row) => speaksForHer(standingOf(row), parties.clock.now())),
  }
}

function representationView(
  parties: CaseworkParties,
  row: RepresentationRow,
): PeopleViewData['representations'][number] {
  const { name, kind, licence, contact, says, digest, openedBy } = openRepresentative(parties, row)
  return {
    ...{ id: row.id, name, kind, licence, contact: contact.to, says, digest, openedBy },
    ...{ openedAt: row.opened_at, untilAt: row.until_at, endedAt: row.ended_at, endedBy: row.ended_by },
    ...{ enrolledAt: row.enrolled_at, speaks: speaksForHer(standingOf(row), parties.clock.now()) },
  }
}
