import type { Db, Trx } from '../platform/database.ts'
import type { PasskeyRow } from './passkey-store.ts'
import type { DeviceRow } from './session-store.ts'

/** A row that lets somebody in, with its name in words. */
export type DoorRow =
  | { readonly name: string; readonly passkey: PasskeyRow; readonly device: null }
  | { readonly name: string; readonly passkey: null; readonly device: DeviceRow }

type DoorTables = {
  'staff.passkey': PasskeyRow
  'staff.device': DeviceRow
  'staff.person': { id: string; desk_name: string }
}

const on = (db: Db | Trx) => db.withTables<DoorTables>()

/** Every passkey, and every device that is not taken back; by name. */
export async function listDoors(db: Db | Trx): Promise<DoorRow[]> {
  const passkeys = await on(db)
    .selectFrom('staff.passkey as k')
    .innerJoin('staff.person as p', 'p.id', 'k.staff_id')
    .selectAll('k')
    .select('p.desk_name')
    .orderBy('p.desk_name')
    .execute()
  const devices = await on(db)
    .selectFrom('staff.device')
    .selectAll()
    .where('revoked_at', 'is', null)
    .orderBy('shop')
    .execute()
  return [
    ...passkeys.map(({ desk_name: desk, ...passkey }) => ({
      ...{ name: `passkey of ${desk}`, passkey, device: null },
    })),
    ...devices.map((device) => ({ ...{ name: `device of shop ${device.shop}`, passkey: null, device } })),
  ]
}

/** Writes a passkey's mark. */
export async function markPasskey(trx: Trx, credentialId: string, mark: Buffer): Promise<void> {
  await on(trx).updateTable('staff.passkey').set({ mark }).where('credential_id', '=', credentialId).execute()
}

/** Writes a device's mark. */
export async function markDevice(trx: Trx, id: string, mark: Buffer): Promise<void> {
  await on(trx).updateTable('staff.device').set({ mark }).where('id', '=', id).execute()
}
