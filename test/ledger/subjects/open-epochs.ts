import { createHmac } from 'node:crypto'
import type { TestContext } from 'node:test'
import type { EntryDraft } from '../../../src/ledger/entry.ts'
import { createLedger, type Ledger } from '../../../src/ledger/ledger.ts'
import { encodeVerifierKey } from '../../../src/ledger/note.ts'
import { createEpochs, type Epochs, type EpochsParties } from '../../../src/ledger/subjects/epochs.ts'
import type { HoldingDates } from '../../../src/ledger/subjects/labels.ts'
import { encodePolicy, parsePolicy } from '../../../src/ledger/trust-policy.ts'
import { DEFAULT_WITNESS_RULES } from '../../../src/ledger/witnessing.ts'
import type { OpenDatabase } from '../../../src/platform/database.ts'
import { openTestDatabase } from '../../support/database.ts'
import { ORIGIN, reveal, SUBJECT, testParties } from '../parties.ts'
import { startWitness } from '../witnesses.ts'

export const EPOCHS_ORIGIN = 'ayeyar.example/subjects'
/** A number that two people have held, and one that was hers alone. */
export const RECYCLED = 'c3'.repeat(16)
export const HERS = { subject: SUBJECT, tenure: 't1' }
export const HER_NUMBER = '+959791204412'
/** When the recycled number changed hands. */
export const CHANGED_HANDS = 1_700_000_000
export const HOLDERS: Readonly<Record<string, readonly HoldingDates[]>> = {
  [SUBJECT]: [{ number: HER_NUMBER, tenure: 't1', from: 0, until: null }],
  [RECYCLED]: [
    { number: '+959791204413', tenure: 'old', from: 0, until: CHANGED_HANDS },
    { number: '+959791204413', tenure: 'new', from: CHANGED_HANDS, until: null },
  ],
}

export interface EpochHouse {
  readonly database: OpenDatabase
  readonly ledger: Ledger
  readonly epochs: Epochs
  readonly parties: EpochsParties
  /** Brings both logs to the witnesses and makes an epoch, which they sign too. */
  epoch(): Promise<void>
}

/** Both logs on a real database, with two real witnesses unless told otherwise. */
export async function openEpochs(
  t: TestContext,
  options: { witnesses?: number; holders?: EpochsParties['holders'] } = {},
): Promise<EpochHouse> {
  const database = await openTestDatabase(t)
  const base = testParties(database.pool)
  const signing = base.keys.signingKey('ledger')
  const second = testParties(database.pool).keys.signingKey('epochs')
  const keys = {
    sealer: base.keys.sealer,
    signingKey: (name: string) => (name === 'epochs' ? second : signing),
    prfKey: (purpose: string) => createHmac('sha256', 'a root for tests').update(purpose).digest(),
  }
  const logKey = encodeVerifierKey(ORIGIN, signing.publicKey)
  const epochsKey = encodeVerifierKey(EPOCHS_ORIGIN, second.publicKey)
  const names = ['regulator', 'consumers'].slice(0, options.witnesses ?? 2)
  const witnesses = await Promise.all(
    names.map((name) => startWitness(t, name, [logKey, epochsKey], base.clock)),
  )
  const policy = parsePolicy(
    encodePolicy(
      { key: logKey, url: 'http://127.0.0.1/log/' },
      witnesses.map(({ chosen }) => chosen),
    ),
  )
  const ledger = await createLedger({ ...base, keys, trust: { policy, rules: DEFAULT_WITNESS_RULES } })
  const parties: EpochsParties = {
    ...{ pool: database.pool, keys, clock: base.clock, ledger, origin: EPOCHS_ORIGIN },
    holders: options.holders ?? (async (subject) => HOLDERS[subject] ?? []),
  }
  const epochs = await createEpochs(parties)
  t.after(async () => {
    await epochs.close()
    await ledger.close()
  })
  const epoch = async () => {
    await ledger.witnessing.round()
    await epochs.make()
    await epochs.witnessing.round()
  }
  return { database, ledger, epochs, parties, epoch }
}

/** One reveal about a tenure, and what it showed. */
export function look(
  subject: string,
  tenure: string,
  grant = 'g1',
  period = { from: CHANGED_HANDS - 86_400, until: CHANGED_HANDS },
): EntryDraft[] {
  const { opening, body, ...rest } = reveal()
  return [
    {
      ...rest,
      subject,
      body: { ...body, grant, tenure },
      opening: { ...opening!, subject, tenure, ...period },
    },
    { kind: 'disclosure', header: {}, body: { grant, tenure }, subject, actor: 'M-17' },
  ]
}
