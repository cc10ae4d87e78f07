import { CamelCasePlugin, type Kysely, type Selectable } from 'kysely'
import type { On } from './parties.ts'

/** Links to a customer's phone: to allow one look with her own key, or, in a shop, to make one. */
export interface KeyAskTable {
  id: string
  kind: 'look' | 'enrol'
  contact: string
  subject: string
  tenure: string
  staff: string
  session: string
  tokenHash: Buffer
  /** Sealed: what would be allowed; null for the making of a key. */
  asked: Buffer | null
  at: number
  untilAt: number
  state: 'waiting' | 'allowed' | 'refused' | 'withdrawn'
  answeredAt: number | null
}

export type KeyAsk = Selectable<KeyAskTable>

const camelCase = new CamelCasePlugin({ maintainNestedObjectKeys: true })

function asks(on: On): Kysely<{ 'care.keyAsk': KeyAskTable }> {
  return on.withTables<{ 'care.keyAsk': KeyAskTable }>().withPlugin(camelCase)
}

/** Puts a link down; an older one of the contact that still waits stops working. */
export async function insertKeyAsk(on: On, ask: KeyAsk): Promise<void> {
  await asks(on)
    .updateTable('care.keyAsk')
    .set({ state: 'withdrawn', answeredAt: ask.at })
    .where('contact', '=', ask.contact)
    .where('state', '=', 'waiting')
    .execute()
  await asks(on).insertInto('care.keyAsk').values(ask).execute()
}

/** The link with this secret's hash, or null. `lock` for whoever is about to answer it. */
export async function readKeyAsk(
  on: On,
  tokenHash: Buffer,
  options: { lock?: boolean } = {},
): Promise<KeyAsk | null> {
  let query = asks(on).selectFrom('care.keyAsk').selectAll().where('tokenHash', '=', tokenHash)
  if (options.lock === true) query = query.forUpdate()
  return (await query.executeTakeFirst()) ?? null
}

/** Links of a contact, newest first. */
export async function readKeyAsksOf(on: On, contact: string): Promise<KeyAsk[]> {
  return asks(on)
    .selectFrom('care.keyAsk')
    .selectAll()
    .where('contact', '=', contact)
    .orderBy('at', 'desc')
    .limit(20)
    .execute()
}

/** Writes down her answer. */
export async function saveKeyAnswer(
  on: On,
  id: string,
  state: 'allowed' | 'refused',
  answeredAt: number,
): Promise<void> {
  await asks(on).updateTable('care.keyAsk').set({ state, answeredAt }).where('id', '=', id).execute()
}

/** Links that wait stop working: the person who asked has signed out, or may not go on. */
export async function withdrawKeyAsks(
  on: On,
  of: { session: string } | { staff: string },
  at: number,
): Promise<void> {
  const waiting = asks(on)
    .updateTable('care.keyAsk')
    .set({ state: 'withdrawn', answeredAt: at })
    .where('state', '=', 'waiting')
  await ('session' in of
    ? waiting.where('session', '=', of.session)
    : waiting.where('staff', '=', of.staff)
  ).execute()
}
