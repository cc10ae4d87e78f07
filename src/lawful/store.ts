import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'

export interface RequestRow {
  id: string
  serial: string
  frame: string
  state: string
  received_at: number
  number_hash: string
  sealed: Buffer
  alarmed: string[]
}
export interface PackageRow {
  request: string
  made_at: number
  key_id: string
  archive: Buffer
  delivered: Buffer
  digest: string
  facts: Buffer
  fetched_at: number | null
}
export interface KeyRow {
  id: string
  frame: string
  authority: string
  recipient: string
  proposed_by: string
  proposed_at: number
  confirmed_by: string | null
  confirmed_at: number | null
  ended_at: number | null
}
export interface EncounterRow {
  id: string
  serial: string
  kind: 'misdirected' | 'duress'
  at: number
  staff: string
  sealed: Buffer
}
export interface DisclosureRow {
  request: string
  tenure: string
  sealed: Buffer
  told_at: number | null
  slot: string | null
}
export interface CertificateRow {
  id: string
  year: number
  text: string
  signed_by: string
  signed_at: number
  signature: unknown
}

type LawfulTables = {
  'lawful.request': RequestRow
  'lawful.letter': { request: string; digest: string; added_at: number; sealed: Buffer }
  'lawful.package': PackageRow
  'lawful.recipient_key': KeyRow
  'lawful.encounter': EncounterRow
  'lawful.disclosure': DisclosureRow
  'lawful.certificate': CertificateRow
}

const on = (db: Db | Trx) => db.withTables<LawfulTables>()

/** The next number of a case. */
export async function nextSerial(trx: Trx): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT nextval('lawful.request_serial') AS n`.execute(trx)
  return Number(rows[0]!.n)
}

/** Files a request; false when the authority's number is known already. */
export async function insertRequest(trx: Trx, row: Omit<RequestRow, 'alarmed'>): Promise<boolean> {
  const done = await on(trx)
    .insertInto('lawful.request')
    .values({ ...row, alarmed: [] })
    .onConflict((c) => c.column('number_hash').doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/** One request; `lock` holds it until the transaction ends. */
export async function readRequest(db: Db | Trx, id: string, lock = false): Promise<RequestRow | null> {
  const query = on(db).selectFrom('lawful.request').selectAll().where('id', '=', id)
  return (await (lock ? query.forUpdate() : query).executeTakeFirst()) ?? null
}

/** The request of an authority's number. */
export async function findRequest(db: Db, numberHash: string): Promise<RequestRow | null> {
  const query = on(db).selectFrom('lawful.request').selectAll().where('number_hash', '=', numberHash)
  return (await query.executeTakeFirst()) ?? null
}

/** Requests, newest first; at most `limit`. */
export async function listRequests(
  db: Db,
  query: { states?: readonly string[]; limit: number },
): Promise<RequestRow[]> {
  const all = on(db)
    .selectFrom('lawful.request')
    .selectAll()
    .orderBy('received_at', 'desc')
    .limit(query.limit)
  return (query.states === undefined ? all : all.where('state', 'in', [...query.states])).execute()
}

/** Requests in which a clock may still run: none that came to its end long ago and has nobody left to tell. */
export async function listRunning(db: Db, recent: number): Promise<RequestRow[]> {
  const over = ['refused', 'withdrawn', 'expired', 'duress']
  return on(db)
    .selectFrom('lawful.request')
    .selectAll()
    .where('state', 'not in', over)
    .where((e) =>
      e.or([
        e('state', '!=', 'closed'),
        e('received_at', '>=', recent),
        e.exists(
          e
            .selectFrom('lawful.disclosure')
            .select('lawful.disclosure.tenure')
            .whereRef('lawful.disclosure.request', '=', 'lawful.request.id')
            .where('lawful.disclosure.told_at', 'is', null),
        ),
      ]),
    )
    .execute()
}

/** Moves a request on. */
export async function saveRequest(
  trx: Trx,
  id: string,
  set: Partial<Pick<RequestRow, 'state' | 'sealed' | 'received_at' | 'alarmed'>>,
): Promise<void> {
  await on(trx).updateTable('lawful.request').set(set).where('id', '=', id).execute()
}

/** Keeps a letter; the same one twice is one. */
export async function insertLetter(
  trx: Trx,
  row: { request: string; digest: string; added_at: number; sealed: Buffer },
): Promise<void> {
  await on(trx)
    .insertInto('lawful.letter')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute()
}

/** The letters of a request, oldest first. */
export async function listLetters(db: Db, request: string): Promise<{ digest: string; added_at: number }[]> {
  return on(db)
    .selectFrom('lawful.letter')
    .select(['digest', 'added_at'])
    .where('request', '=', request)
    .orderBy('added_at')
    .execute()
}

/** One letter, sealed. */
export async function readLetter(db: Db, request: string, digest: string): Promise<Buffer | null> {
  const row = await on(db)
    .selectFrom('lawful.letter')
    .select('sealed')
    .where('request', '=', request)
    .where('digest', '=', digest)
    .executeTakeFirst()
  return row?.sealed ?? null
}

/** Keeps a package. */
export async function insertPackage(trx: Trx, row: Insertable<PackageRow>): Promise<void> {
  await on(trx).insertInto('lawful.package').values(row).execute()
}

/** The package of a request. */
export async function readPackage(db: Db | Trx, request: string): Promise<PackageRow | null> {
  const query = on(db).selectFrom('lawful.package').selectAll().where('request', '=', request)
  return (await query.executeTakeFirst()) ?? null
}

/** Notes the first fetching. */
export async function savePackageFetched(trx: Trx, request: string, at: number): Promise<void> {
  await on(trx)
    .updateTable('lawful.package')
    .set({ fetched_at: at })
    .where('request', '=', request)
    .where('fetched_at', 'is', null)
    .execute()
}

/** Proposes a key. */
export async function insertKey(trx: Trx, row: KeyRow): Promise<void> {
  await on(trx).insertInto('lawful.recipient_key').values(row).execute()
}

/** One key, locked. */
export async function lockKey(trx: Trx, id: string): Promise<KeyRow | null> {
  const query = on(trx).selectFrom('lawful.recipient_key').selectAll().where('id', '=', id).forUpdate()
  return (await query.executeTakeFirst()) ?? null
}

/** Every key that is proposed or in force, newest first. */
export async function listKeys(db: Db): Promise<KeyRow[]> {
  return on(db)
    .selectFrom('lawful.recipient_key')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('proposed_at', 'desc')
    .execute()
}

/** The key in force for an authority. */
export async function readKeyOf(db: Db | Trx, frame: string, authority: string): Promise<KeyRow | null> {
  const query = on(db)
    .selectFrom('lawful.recipient_key')
    .selectAll()
    .where('frame', '=', frame)
    .where('authority', '=', authority)
    .where('confirmed_at', 'is not', null)
    .where('ended_at', 'is', null)
  return (await query.executeTakeFirst()) ?? null
}

/** Moves a key on. */
export async function saveKey(
  trx: Trx,
  id: string,
  set: Partial<Pick<KeyRow, 'confirmed_by' | 'confirmed_at' | 'ended_at'>>,
): Promise<void> {
  await on(trx).updateTable('lawful.recipient_key').set(set).where('id', '=', id).execute()
}

/** Ends the key that was in force before. */
export async function endKeysOf(trx: Trx, frame: string, authority: string, at: number): Promise<void> {
  await on(trx)
    .updateTable('lawful.recipient_key')
    .set({ ended_at: at })
    .where('frame', '=', frame)
    .where('authority', '=', authority)
    .where('confirmed_at', 'is not', null)
    .where('ended_at', 'is', null)
    .execute()
}

/** Writes down who came, or what was taken. */
export async function insertEncounter(trx: Trx, row: EncounterRow): Promise<void> {
  await on(trx).insertInto('lawful.encounter').values(row).execute()
}

/** Encounters, newest first. */
export async function listEncounters(db: Db, limit: number): Promise<EncounterRow[]> {
  return on(db).selectFrom('lawful.encounter').selectAll().orderBy('at', 'desc').limit(limit).execute()
}

/** One encounter. */
export async function readEncounter(db: Db, id: string): Promise<EncounterRow | null> {
  const query = on(db).selectFrom('lawful.encounter').selectAll().where('id', '=', id)
  return (await query.executeTakeFirst()) ?? null
}

/** Keeps whom to tell later. */
export async function insertDisclosure(trx: Trx, row: DisclosureRow): Promise<void> {
  await on(trx).insertInto('lawful.disclosure').values(row).execute()
}

/** What packages disclosed of one holder's log, told or not. */
export async function readDisclosuresOf(db: Db | Trx, tenure: string): Promise<Selectable<DisclosureRow>[]> {
  return on(db).selectFrom('lawful.disclosure').selectAll().where('tenure', '=', tenure).execute()
}

/** Who is still to be told of a request. */
export async function readUntold(db: Db | Trx, request: string): Promise<Selectable<DisclosureRow>[]> {
  return on(db)
    .selectFrom('lawful.disclosure')
    .selectAll()
    .where('request', '=', request)
    .where('told_at', 'is', null)
    .execute()
}

/** Notes which entry stands for a disclosure until then. */
export async function saveSlotOf(trx: Trx, request: string, tenure: string, slot: string): Promise<void> {
  await on(trx)
    .updateTable('lawful.disclosure')
    .set({ slot })
    .where('request', '=', request)
    .where('tenure', '=', tenure)
    .execute()
}

/** Notes that somebody was told. */
export async function saveToldOf(trx: Trx, request: string, tenure: string, at: number): Promise<void> {
  await on(trx)
    .updateTable('lawful.disclosure')
    .set({ told_at: at })
    .where('request', '=', request)
    .where('tenure', '=', tenure)
    .execute()
}

/** Keeps a signed certificate. */
export async function insertCertificate(trx: Trx, row: CertificateRow): Promise<void> {
  await on(trx)
    .insertInto('lawful.certificate')
    .values({ ...row, signature: JSON.stringify(row.signature) })
    .execute()
}

/** Certificates, newest first. */
export async function listCertificates(db: Db): Promise<CertificateRow[]> {
  return on(db).selectFrom('lawful.certificate').selectAll().orderBy('signed_at', 'desc').limit(50).execute()
}

/** How many requests were received in a time (ms, half open). */
export async function countReceived(db: Db | Trx, since: number, until: number): Promise<number> {
  const { count } = await on(db)
    .selectFrom('lawful.request')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('received_at', '>=', since)
    .where('received_at', '<', until)
    .executeTakeFirstOrThrow()
  return Number(count)
}
