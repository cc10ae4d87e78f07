import { join } from 'node:path'
import type { Instance } from './instance.ts'
import type { KeyService } from './keys/key-service.ts'
import { encodeVerifierKey } from './ledger/note.ts'
import { EPOCHS_KEY } from './ledger/subjects/epochs.ts'

/**
 * The log's name for ever (C2SP tlog-checkpoint origin). Two instances never share one, so that no checkpoint
 * of a demo can be taken for a real operator's.
 */
export function originOf(instance: Pick<Instance, 'id'>): string {
  return `countersign.invalid/log/${instance.id}`
}

/** The second log's name for ever: that of epochs. */
export function epochsOriginOf(instance: Pick<Instance, 'id'>): string {
  return `countersign.invalid/subjects/${instance.id}`
}

/** What readers of the second log check its checkpoints with. */
export function epochsVerifierKeyOf(
  instance: Pick<Instance, 'id'>,
  keys: Pick<KeyService, 'signingKey'>,
): string {
  return encodeVerifierKey(epochsOriginOf(instance), keys.signingKey(EPOCHS_KEY).publicKey)
}

/** What readers of the log check its checkpoints with: `name+id+base64`. */
export function verifierKeyOf(instance: Pick<Instance, 'id'>, keys: Pick<KeyService, 'signingKey'>): string {
  return encodeVerifierKey(originOf(instance), keys.signingKey(LEDGER_KEY).publicKey)
}

/** Where the newest signed checkpoint is kept outside the database: beside the keys, for all servers of one database. */
export function knownCheckpointPath({ keyDirectory }: Pick<Instance, 'keyDirectory'>): string {
  return join(keyDirectory, KNOWN_CHECKPOINT)
}

/** Its name there; a backup of the keys leaves it out, or it would grow old with them. */
export const KNOWN_CHECKPOINT = 'newest-checkpoint'

/** The name under which the ledger asks for its signing key. */
const LEDGER_KEY = 'ledger'
