import { createHash } from 'node:crypto'
import { commitWith } from '../ledger/commit.ts'
import type { EntryId, JsonObject } from '../ledger/entry.ts'
import { makeEvidence } from '../ledger/evidence/make-bundle.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Action } from '../staff/actions.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { type Held, incidentNotFound, openCase, recordStep } from './book.ts'
import { may, seen, unseen } from './case-access.ts'
import { readBundle, readReferral, readReferrals, saveBundle } from './court-store.ts'
import type { CourtParties } from './parties.ts'
import { type Kept, openReferral, previewOf, save, viewOf } from './referral-book.ts'
import { gatherReferral } from './referral-gather.ts'
import { type Referral, type ReferralAct, stepReferral } from './referral-rules.ts'
import type {
  PreparingAsked,
  ReferralActAsked,
  ReferralPreviewData,
  ReferralViewData,
} from './referral-schemas.ts'
import { readIncident } from './store.ts'

/** The referral to the police: a bundle of evidence, approved by two, and the chain of custody after it. */
export interface ReferralDesk {
  /** What a referral prepared now would give, and what it would keep back. */
  preview(staff: StaffFacts, incident: string): Promise<ReferralPreviewData | Refusal>
  list(staff: StaffFacts, incident: string): Promise<ReferralViewData[] | Refusal>
  prepare(staff: StaffFacts, incident: string, asked: PreparingAsked): Promise<ReferralViewData | Refusal>
  act(
    staff: StaffFacts,
    of: { incident: string; id: string },
    asked: ReferralActAsked,
  ): Promise<ReferralViewData | Refusal>
  /** Makes the bundle of an approved referral; the ledger knows it before anybody can have it. */
  make(staff: StaffFacts, of: { incident: string; id: string }): Promise<ReferralViewData | Refusal>
  /** The bundle, byte for byte as it was made; that a copy was taken is an entry first. */
  copy(
    staff: StaffFacts,
    of: { incident: string; id: string },
    says: string,
  ): Promise<{ name: string; zip: Buffer } | Refusal>
  /** The chain of custody so far, as a bundle of its own entries. */
  custody(
    staff: StaffFacts,
    of: { incident: string; id: string },
  ): Promise<{ name: string; zip: Buffer } | Refusal>
}

const BUNDLE = 'incident-referral-bundle'
const ACTIONS: Readonly<Record<ReferralActAsked['do'], Action>> = {
  approve: 'approve-referral',
  'hand-over': 'hand-over-referral',
  receive: 'hand-over-referral',
  withdraw: 'prepare-referral',
}

/** Opens the desk of referrals. */
export function createReferralDesk(parties: CourtParties): ReferralDesk {
  return {
    async preview(staff, incident) {
      const held = await seen(parties, staff, incident, 'prepare-referral')
      return isRefusal(held) ? held : previewOf(await gatherReferral(parties, held))
    },
    async list(staff, incident) {
      const held = await seen(parties, staff, incident, 'see-incidents')
      if (isRefusal(held)) return held
      const rows = await readReferrals(parties.db, incident)
      return Promise.all(rows.map((row) => viewOf(parties, staff, openReferral(parties, row))))
    },
    prepare: (staff, incident, asked) => prepare(parties, staff, incident, asked),
    async act(staff, of, asked) {
      return shown(parties, staff, await move(parties, staff, of, ACTIONS[asked.do], asked))
    },
    make: async (staff, of) => shown(parties, staff, await make(parties, staff, of)),
    copy: (staff, of, says) => copy(parties, staff, of, says),
    custody: (staff, of) => custody(parties, staff, of),
  }
}

async function prepare(
  parties: CourtParties,
  staff: StaffFacts,
  incident: string,
  asked: PreparingAsked,
): Promise<ReferralViewData | Refusal> {
  const held = await seen(parties, staff, incident, 'prepare-referral')
  if (isRefusal(held)) return held
  const { picked, keptOut, others } = await gatherReferral(parties, held)
  if (await others(Object.values(asked)))
    return refuse(
      'referral-names-another',
      'This names a customer whom the case is not about.',
      'Leave their name and number out: the police ask for them in their own right.',
    )
  const referral: Referral = {
    ...asked,
    ...{ state: 'prepared', picked, keptOut },
    ...{ preparedBy: staff.id, preparedByDesk: staff.deskName, preparedAt: parties.clock.now() },
    ...{ approvals: [], digest: null, bytes: null, sealedBy: null, receipt: null, custody: [], entries: [] },
  }
  const kept = { id: Buffer.from(parties.random(12)).toString('hex'), incident, referral }
  return commitWith<Kept | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const now = await lockedCase(parties, trx, staff, incident, 'prepare-referral')
    if (isRefusal(now)) return now
    const entry = await recordStep(parties, trx, append, now, staff, {
      ...{ kind: 'referral-prepared', act: 'referral-prepare', at: referral.preparedAt, header: null },
      ...{ says: asked.says, what: asked.station },
      more: { referral: kept.id, state: 'prepared', ...saysOf(referral) },
    })
    return save(parties, trx, { ...kept, referral: { ...referral, entries: [entry] } })
  }).then((done) => shown(parties, staff, done))
}

/** What the entry says for whoever reads it in the bundle: what is in it, what is not and why. */
function saysOf({ station, officer, offence, picked, keptOut }: Referral): JsonObject {
  const withheld = picked.flatMap(({ index, kind, withheld: why }) =>
    why === null ? [] : [{ index, kind, why }],
  )
  return {
    station,
    officer,
    offence,
    given: picked
      .filter((one) => one.withheld === null)
      .map(({ index, part, kind }) => ({ index, part, kind })),
    withheldTexts: withheld,
    keptOut: keptOut.map(({ why, entries }) => ({ why, entries })),
  }
}

async function lockedCase(
  parties: CourtParties,
  trx: Trx,
  staff: StaffFacts,
  incident: string,
  action: Action,
): Promise<Held | Refusal> {
  const row = await readIncident(trx, incident, true)
  if (row === null) return incidentNotFound()
  const held = openCase(parties, row)
  if (held.case.state === 'closed')
    return refuse('incident-closed', 'This incident is closed.', 'Reopen it with the reason first.')
  return unseen(may(parties, staff, action, held)) ?? held
}

/** One step in one transaction with its entry. `more` writes what belongs to it. */
async function move(
  parties: CourtParties,
  staff: StaffFacts,
  of: { incident: string; id: string },
  action: Action,
  act: ReferralAct,
  more: (trx: Trx) => Promise<void> = async () => {},
): Promise<Kept | Refusal> {
  return commitWith<Kept | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const held = await lockedCase(parties, trx, staff, of.incident, action)
    if (isRefusal(held)) return held
    const row = await readReferral(trx, of, true)
    if (row === null) return referralNotFound()
    const before = openReferral(parties, row)
    const now = parties.clock.now()
    const counsel = staff.roles.includes('counsel')
    const next = stepReferral(before.referral, act, {
      now,
      staff: staff.id,
      deskName: staff.deskName,
      counsel,
    })
    if (isRefusal(next)) return next
    const last = next.custody.length > before.referral.custody.length ? next.custody.at(-1) : undefined
    const { entry: _, ...custody } = last ?? { entry: '' }
    const entry = await recordStep(parties, trx, append, held, staff, {
      kind: last === undefined ? 'referral-moved' : 'referral-custody',
      act: last === undefined ? `referral-${act.do}` : `custody-${last.do}`,
      at: now,
      says: 'says' in act ? act.says : '',
      what: next.station,
      header: null,
      more: {
        referral: of.id,
        state: next.state,
        before: before.referral.state,
        ...(act.do === 'approve' ? { counsel } : {}),
        ...(last === undefined
          ? {}
          : { custody: custody as unknown as JsonObject, after: lastEntry(before.referral) }),
        ...(act.do === 'receive' ? { receipt: act.receipt } : {}),
      },
    })
    await more(trx)
    return save(parties, trx, { ...before, referral: withEntry(next, last !== undefined, entry) })
  })
}

/** Each step of custody names the one before it, so none can be left out of a list unseen. */
function lastEntry({ custody, entries }: Referral): string {
  return custody.at(-1)?.entry ?? entries.at(-1) ?? ''
}

function withEntry(next: Referral, isCustody: boolean, entry: string): Referral {
  if (!isCustody) return { ...next, entries: [...next.entries, entry] }
  const at = next.custody.length - 1
  return { ...next, custody: next.custody.map((step, i) => (i === at ? { ...step, entry } : step)) }
}

async function make(
  parties: CourtParties,
  staff: StaffFacts,
  of: { incident: string; id: string },
): Promise<Kept | Refusal> {
  const held = await seen(parties, staff, of.incident, 'hand-over-referral')
  if (isRefusal(held)) return held
  const row = await readReferral(parties.db, of)
  if (row === null) return referralNotFound()
  const { referral } = openReferral(parties, row)
  if (referral.state !== 'approved')
    return refuse('referral-not-now', 'This is not the next step of this referral.', 'Reload the page.')
  const own = await parties.ledger.indexesOf(referral.entries as EntryId[])
  const { zip, sealedBy } = await makeEvidence(parties.evidence, {
    entries: [...referral.picked.map(({ index }) => index), ...own],
    withhold: referral.picked.filter(({ withheld }) => withheld !== null).map(({ index }) => index),
    actor: staff.id,
    reason: `Referral to the police: ${referral.station}`,
    caseSerial: held.serial,
  })
  const digest = sha256(zip)
  const sealed = parties.keys.sealer.seal(BUNDLE, of.id, Buffer.from(zip))
  const act = { do: 'made', digest, bytes: zip.length, sealedBy } as const
  return move(parties, staff, of, 'hand-over-referral', act, (trx) => saveBundle(trx, of.id, sealed))
}

async function copy(
  parties: CourtParties,
  staff: StaffFacts,
  of: { incident: string; id: string },
  says: string,
): Promise<{ name: string; zip: Buffer } | Refusal> {
  const done = await move(parties, staff, of, 'hand-over-referral', { do: 'copy', says })
  if (isRefusal(done)) return done
  const sealed = await readBundle(parties.db, of.id)
  if (sealed === null) return referralNotFound()
  const zip = parties.keys.sealer.open(BUNDLE, of.id, sealed)
  return { name: `referral-${done.referral.sealedBy ?? 0}.zip`, zip: Buffer.from(zip) }
}

async function custody(
  parties: CourtParties,
  staff: StaffFacts,
  of: { incident: string; id: string },
): Promise<{ name: string; zip: Buffer } | Refusal> {
  const held = await seen(parties, staff, of.incident, 'hand-over-referral')
  if (isRefusal(held)) return held
  const row = await readReferral(parties.db, of)
  if (row === null) return referralNotFound()
  const { referral } = openReferral(parties, row)
  const ids = [...referral.entries, ...referral.custody.map(({ entry }) => entry)]
  const sealedBy = referral.sealedBy === null ? [] : [referral.sealedBy]
  const made = await makeEvidence(parties.evidence, {
    entries: [...(await parties.ledger.indexesOf(ids as EntryId[])), ...sealedBy],
    actor: staff.id,
    reason: 'The chain of custody of a referral to the police',
    caseSerial: held.serial,
  })
  return { name: `custody-${made.sealedBy}.zip`, zip: Buffer.from(made.zip) }
}

async function shown(
  parties: CourtParties,
  staff: StaffFacts,
  kept: Kept | Refusal,
): Promise<ReferralViewData | Refusal> {
  return isRefusal(kept) ? kept : viewOf(parties, staff, kept)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function referralNotFound(): Refusal {
  return refuse('referral-not-found', 'There is no such referral in this incident.', 'Go back to the case.')
}
