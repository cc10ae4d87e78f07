import type { KeyService } from '../keys/key-service.ts'
import type { HoldingDates } from '../ledger/subjects/labels.ts'
import type { Db } from '../platform/database.ts'
import { openProfile } from './profile.ts'
import { readHolders } from './store.ts'

/** Gives everybody who ever held a number, earliest first, as a replay of the map of subjects asks; without the room. */
export function createHolders({
  db,
  keys,
}: {
  db: Db
  keys: Pick<KeyService, 'sealer'>
}): (subject: string) => Promise<readonly HoldingDates[]> {
  return async (subject) =>
    (await readHolders(db, subject)).map(
      ({ id, tenure, tenure_from: from, tenure_until: until, profile }) => ({
        number: openProfile(keys.sealer, id, profile).number,
        tenure,
        from,
        until,
      }),
    )
}
