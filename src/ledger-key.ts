import { join } from 'node:path'
import type { Instance } from './instance.ts'
import type { KeyService } from './keys/key-service.ts'
import { encodeVerifierKey } from './ledger/note.ts'
import { EPOCHS_KEY } from './ledger/subjects/epochs.ts'

/** What a log is called and signed by. */
export interface LogName {
  /** C2SP tlog-checkpoint origin. */
  readonly origin: string
  /** The name under which the key service has its key. */
  readonly signingKey: string
}

/**
 * The log's name (C2SP tlog-checkpoint origin) and its key's. Two instances never share one, so that no checkpoint
 * of a demo can be taken for a real operator's. A log that goes on under a new name has a new key too: readers' policies
 * list each key once.
 */
export function logNameOf({ id, log = 1 }: Pick<Instance, 'id' | 'log'>): LogName {
  const origin = `countersign.invalid/log/${id}`
  return log === 1
    ? { origin, signingKey: LEDGER_KEY }
    : { origin: `${origin}/${log}`, signingKey: `${LEDGER_KEY}-${log}` }
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
export function verifierKeyOf(
  instance: Pick<Instance, 'id' | 'log'>,
  keys: Pick<KeyService, 'signingKey'>,
): string {
  const { origin, signingKey } = logNameOf(instance)
  return encodeVerifierKey(origin, keys.signingKey(signingKey).publicKey)
}

/** Where the newest signed checkpoint is kept outside the database: beside the keys, for all servers of one database. */
export function knownCheckpointPath({ keyDirectory }: Pick<Instance, 'keyDirectory'>): string {
  return join(keyDirectory, KNOWN_CHECKPOINT)
}

/** Its name there; a backup of the keys leaves it out, or it would grow old with them. */
export const KNOWN_CHECKPOINT = 'newest-checkpoint'

/** The name of an instance's first signing key. */
const LEDGER_KEY = 'ledger'
