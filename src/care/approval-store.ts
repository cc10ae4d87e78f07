import type { Selectable } from 'kysely'
import type { On } from './parties.ts'
import { type CareTables, care } from './store.ts'

/** Approvals and broken glass. */

export type Approval = Selectable<CareTables['care.approval']>
export type Glass = Selectable<CareTables['care.breakGlass']>

/** Puts down what waits for a supervisor. */
export async function insertApproval(
  on: On,
  approval: Omit<Approval, 'decidedBy' | 'decidedAt' | 'approved'>,
): Promise<void> {
  await care(on).insertInto('care.approval').values(approval).execute()
}

/** One approval, locked, or null. */
export async function readApproval(on: On, id: string): Promise<Approval | null> {
  const found = await care(on)
    .selectFrom('care.approval')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .execute()
  return found[0] ?? null
}

/** What waits for a decision at `now`, oldest first. */
export async function readApprovals(on: On, now: number): Promise<Approval[]> {
  return care(on)
    .selectFrom('care.approval')
    .selectAll()
    .where('decidedAt', 'is', null)
    .where('untilAt', '>', now)
    .orderBy('at')
    .limit(200)
    .execute()
}

/** Saves a decision. */
export async function decideApproval(
  on: On,
  id: string,
  decision: { decidedBy: string; decidedAt: number; approved: boolean },
): Promise<void> {
  await care(on).updateTable('care.approval').set(decision).where('id', '=', id).execute()
}

/** Puts down that the glass was broken. `says` is sealed. */
export async function insertGlass(
  on: On,
  glass: Pick<Glass, 'id' | 'contact' | 'staff' | 'deskName' | 'office' | 'at' | 'says'>,
): Promise<void> {
  await care(on).insertInto('care.breakGlass').values(glass).execute()
}

/** One, locked, or null. */
export async function readGlass(on: On, id: string): Promise<Glass | null> {
  const found = await care(on)
    .selectFrom('care.breakGlass')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .execute()
  return found[0] ?? null
}

/** All that are not reviewed, and those reviewed since `since`; newest first. */
export async function readGlasses(on: On, since: number): Promise<Glass[]> {
  return care(on)
    .selectFrom('care.breakGlass')
    .selectAll()
    .where((eb) => eb.or([eb('reviewedAt', 'is', null), eb('reviewedAt', '>', since)]))
    .orderBy('at', 'desc')
    .limit(200)
    .execute()
}

/** Those unjustified whose time was over at `brokenBefore` and about which nobody was alarmed yet. */
export async function readOverdueGlasses(on: On, brokenBefore: number): Promise<Glass[]> {
  return care(on)
    .selectFrom('care.breakGlass')
    .selectAll()
    .where('justifiedAt', 'is', null)
    .where('alarmedAt', 'is', null)
    .where('at', '<=', brokenBefore)
    .execute()
}

/** Saves what happened to one. */
export async function saveGlass(
  on: On,
  id: string,
  change: Partial<
    Pick<Glass, 'justification' | 'justifiedAt' | 'alarmedAt' | 'finding' | 'reviewedBy' | 'reviewedAt'>
  >,
): Promise<void> {
  await care(on).updateTable('care.breakGlass').set(change).where('id', '=', id).execute()
}
