import { createHash } from 'node:crypto'
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { commitWith } from '../ledger/commit.ts'
import { encodeText, parseHeader } from '../ledger/commitment.ts'
import type { Header } from '../ledger/entry.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { type LawfulParties, newId } from './parties.ts'
import { by } from './production.ts'
import { insertCertificate, listCertificates } from './store.ts'

/**
 * The officer's yearly certificate in the shape of 47 CFR 64.2009(e): that there are procedures and that they are kept,
 * actions against data brokers, and a summary of customers' complaints. Its figures come from the ledger.
 */

/** What the ledger says of one year. */
export interface CertificateFigures {
  readonly year: number
  /** Courses recorded, and distinct people that the entries name. */
  readonly trainings: number
  readonly conductSigned: number
  /** Complaints ("that was not me"), and what was found. */
  readonly complaints: number
  readonly complaintsByFinding: Readonly<Record<string, number>>
  readonly freezes: number
  readonly dismissals: number
  readonly refusedLooks: number
  readonly breakGlassNotJustified: number
  readonly ruleChanges: number
}

export interface CertificateDraft {
  readonly figures: CertificateFigures
  /** Exactly what is signed. */
  readonly text: string
  readonly challenge: { readonly id: string; readonly options: object }
}

export interface SignedCertificate {
  readonly id: string
  readonly year: number
  readonly text: string
  readonly by: string
  readonly at: number
}

const CHUNK = 500

/** Gathers the figures of a year and a challenge that signs exactly this text. */
export async function certificateDraft(
  room: LawfulParties,
  year: number,
  staff: StaffFacts,
  brokers: string,
): Promise<CertificateDraft | Refusal> {
  const figures = await gather(room, year)
  const text = textOf(room, figures, staff, brokers)
  const challenge = await room.staff.passkeys.signatureOptions(staff.id, digestOf(text))
  return isRefusal(challenge) ? challenge : { figures, text, challenge }
}

/** Keeps a certificate that its officer's own passkey signed; the figures are gathered anew and must be the same. */
export async function signCertificate(
  room: LawfulParties,
  staff: StaffFacts,
  asked: { year: number; brokers: string; id: string; response: AuthenticationResponseJSON },
): Promise<SignedCertificate | Refusal> {
  const figures = await gather(room, asked.year)
  const text = textOf(room, figures, staff, asked.brokers)
  const wrong = await room.staff.passkeys.checkSignature(staff.id, digestOf(text), asked)
  if (wrong !== null) return wrong
  const id = newId(room.random)
  const at = room.clock.now()
  const row = { id, year: asked.year, text, signed_by: staff.id, signed_at: at, signature: asked.response }
  return commitWith(room.db, room.ledger, async (trx, append) => {
    await insertCertificate(trx, row)
    await append({
      kind: 'certificate-signed',
      header: { office: staff.office, caseSerial: String(asked.year) },
      body: { certificate: id, text, by: { ...by(staff) } },
      actor: staff.id,
    })
    return { id, year: asked.year, text, by: staff.name, at }
  })
}

/** The certificates signed so far, newest first. */
export async function certificates(room: LawfulParties): Promise<SignedCertificate[]> {
  const rows = await listCertificates(room.db)
  return Promise.all(
    rows.map(async ({ id, year, text, signed_by, signed_at }) => {
      const person = await room.staff.duty.find(signed_by)
      return { id, year, text, by: person?.name ?? signed_by, at: signed_at }
    }),
  )
}

/** SHA-256 of the text: what the passkey signs as its challenge. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

async function gather(room: LawfulParties, year: number): Promise<CertificateFigures> {
  const headers: Header[] = []
  const { size } = await room.ledger.head()
  for (let at = 0; at < size; at += CHUNK)
    headers.push(...(await room.ledger.openHeaders(at, CHUNK)).map(({ header }) => parseHeader(header)))
  const of = (kind: string): Header[] =>
    headers.filter((header) => header.kind === kind && header.day.startsWith(`${year}-`))
  const findings: Record<string, number> = {}
  for (const { outcome = 'open' } of of('report-answered')) findings[outcome] = (findings[outcome] ?? 0) + 1
  return {
    year,
    trainings: of('training-recorded').length,
    conductSigned: of('conduct-signed').length,
    complaints: of('report-filed').length,
    complaintsByFinding: findings,
    freezes: of('staff-frozen').length,
    dismissals: of('staff-dismissed').length,
    refusedLooks: of('care-refusal').length,
    breakGlassNotJustified: of('break-glass').filter(({ outcome }) => outcome === 'not-justified').length,
    ruleChanges: of('verification-policy').length,
  }
}

function textOf(
  room: LawfulParties,
  figures: CertificateFigures,
  staff: StaffFacts,
  brokers: string,
): string {
  const { year } = figures
  return `Certificate of ${room.operatorName} for ${year}, in the shape of 47 CFR 64.2009(e)

I, ${staff.name}, privacy officer of ${room.operatorName}, certify from my own knowledge that procedures were in force in ${year} that keep call details from whoever may not have them, and that they were kept as the register says.

Training: ${figures.trainings} courses recorded; the code of conduct was signed ${figures.conductSigned} times.
Customers who said that a look was not theirs: ${figures.complaints}. Findings: ${encodeText(figures.complaintsByFinding)}.
Disciplinary actions: ${figures.freezes} freezes, ${figures.dismissals} dismissals.
Looks refused to staff: ${figures.refusedLooks}. Broken glass found not justified: ${figures.breakGlassNotJustified}.
Changes of the rules for verifying callers: ${figures.ruleChanges}.
Actions against data brokers: ${brokers.trim()}
`
}
