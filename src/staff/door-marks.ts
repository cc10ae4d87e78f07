import type { KeyService } from '../keys/key-service.ts'
import type { Append } from '../ledger/commit.ts'
import type { Db, Trx } from '../platform/database.ts'
import { isMarked, markOf } from '../platform/mark.ts'
import { type DoorRow, listDoors, markDevice, markPasskey } from './door-store.ts'
import type { PasskeyRow } from './passkey-store.ts'
import type { DeviceRow, LinkRow } from './session-store.ts'

/**
 * Marks on what lets somebody in for longer than a session: passkeys, links that enrol one, devices of shops. Each is an
 * HMAC, under a key that the database does not hold, over what the row promises. So a public key that somebody put in
 * place of another's, a link that no administrator issued and a device that nobody registered let nobody in.
 *
 * What may change in a row without us (the counter, when it was used, that it ended) is under no mark: whoever writes
 * the database can end somebody's way in, and can make an ended one stand again.
 */
export interface DoorMarks {
  ofPasskey(row: Unmarked<PasskeyRow>): Buffer
  ofLink(row: Unmarked<LinkRow>): Buffer
  ofDevice(row: Unmarked<DeviceRow>): Buffer
  isOurs(kind: 'passkey', row: PasskeyRow): boolean
  isOurs(kind: 'link', row: LinkRow): boolean
  isOurs(kind: 'device', row: DeviceRow): boolean
  /** Passkeys and devices that no door of ours wrote, in words: `passkey of M-17`. */
  foreign(db: Db): Promise<string[]>
  /**
   * Takes what has no mark at its word, once for all: for the first start after an upgrade from a time without marks.
   * @returns how many rows got one; each time with an entry that names whose they are.
   */
  markThoseFromBefore(trx: Trx, append: Append): Promise<number>
}

type Unmarked<Row> = Omit<Row, 'mark'>
type Says = readonly (string | number | null)[]

const saysPasskey = (row: Unmarked<PasskeyRow>): Says => [
  'passkey',
  row.credential_id,
  row.staff_id,
  row.public_key.toString('hex'),
]
const saysLink = (row: Unmarked<LinkRow>): Says => [
  ...['link', row.token_hash.toString('hex'), row.kind],
  ...[row.staff_id, row.shop, row.issued_by, row.expires_at],
]
const saysDevice = (row: Unmarked<DeviceRow>): Says => [
  'device',
  row.id,
  row.token_hash.toString('hex'),
  row.shop,
]

/** Marks under these keys. */
export function createDoorMarks(keys: Pick<KeyService, 'prfKey'>): DoorMarks {
  const key = keys.prfKey('staff/door')
  const saysDoor = (door: DoorRow): Says =>
    door.passkey === null ? saysDevice(door.device) : saysPasskey(door.passkey)
  const markOfDoor = (door: DoorRow) => (door.passkey === null ? door.device.mark : door.passkey.mark)
  return {
    ofPasskey: (row) => markOf(key, saysPasskey(row)),
    ofLink: (row) => markOf(key, saysLink(row)),
    ofDevice: (row) => markOf(key, saysDevice(row)),
    isOurs(kind, row) {
      const says =
        kind === 'passkey'
          ? saysPasskey(row as PasskeyRow)
          : kind === 'link'
            ? saysLink(row as LinkRow)
            : saysDevice(row as DeviceRow)
      return isMarked(key, says, row.mark)
    },
    async foreign(db) {
      const doors = await listDoors(db)
      return doors.filter((door) => !isMarked(key, saysDoor(door), markOfDoor(door))).map(({ name }) => name)
    },
    async markThoseFromBefore(trx, append) {
      const doors = (await listDoors(trx)).filter((door) => markOfDoor(door) === null)
      if (doors.length === 0) return 0
      for (const door of doors) {
        const mark = markOf(key, saysDoor(door))
        if (door.passkey === null) await markDevice(trx, door.device.id, mark)
        else await markPasskey(trx, door.passkey.credential_id, mark)
      }
      await append({ kind: 'doors-marked', header: null, body: { doors: doors.map(({ name }) => name) } })
      return doors.length
    },
  }
}
