import { createHash } from 'node:crypto'
import { commitWith } from '../ledger/commit.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import { insertConduct, insertSignature, lastSignature, readConduct } from './conduct-store.ts'
import { changePerson } from './people.ts'
import type { Policy } from './policy.ts'
import type { StaffParties } from './room.ts'
import { actorIdOf, bySaying } from './say.ts'
import type { Sessions } from './sessions.ts'
import { type Actor, isSystem } from './staff.ts'

export interface ConductVersion {
  readonly version: number
  readonly text: Words
  readonly effectiveFrom: number
}

/** The code of conduct: versioned, signed by each person, again each year. Unsigned means no looks. */
export interface Conduct {
  /** The version in force; null in a directory that has none yet. */
  current(): Promise<ConductVersion | null>
  /** Publishes the next version, in force at once: every signature of an older one stops counting. */
  publish(by: Actor, text: Words, reason: string): Promise<{ version: number } | Refusal>
  /** Signs for oneself; `by` is the person, or the machine's operator who files a paper signature. */
  sign(by: Actor, staffId: string, version: number): Promise<null | Refusal>
  lastSignature(staffId: string): Promise<{ version: number; signedAt: number } | null>
}

/** The use cases over these parties. */
export function createConduct(parties: StaffParties & { policy: Policy; sessions: Sessions }): Conduct {
  const { db, ledger, clock, policy, sessions } = parties
  const current = async (): Promise<ConductVersion | null> => {
    const row = await readConduct(db, clock.now())
    if (row === null) return null
    const text = { en: row.text_en, my: row.text_my }
    return { version: row.version, text, effectiveFrom: row.effective_from }
  }
  return {
    current,
    async publish(by, text, reason) {
      const resource = { type: 'Desk', id: 'people' } as const
      const no = isSystem(by) ? null : policy.decide({ staff: by, action: 'publish-conduct', resource })
      if (no !== null) return no
      return commitWith(db, ledger, async (trx, append) => {
        const row = { text_en: text.en, text_my: text.my, effective_from: clock.now() }
        const version = await insertConduct(trx, row)
        const digest = (words: string) => createHash('sha256').update(words).digest('hex')
        await append({
          kind: 'conduct-published',
          header: { counts: { version } },
          body: { version, sha256: { en: digest(text.en), my: digest(text.my) }, reason, by: bySaying(by) },
          actor: actorIdOf(by),
        })
        return { version }
      })
    },
    sign: (by, staffId, version) =>
      changePerson<null>(parties, { by, staffId, action: 'sign-conduct' }, async (trx, append, person) => {
        const inForce = await readConduct(trx, clock.now())
        if (inForce === null)
          return refuse('conduct-absent', 'There is no code of conduct yet.', 'Ask the privacy officer.')
        if (inForce.version !== version)
          return refuse(
            'conduct-outdated',
            'This is not the code of conduct in force.',
            'Reload the page and read the new one.',
          )
        await insertSignature(trx, { staff_id: staffId, version, signed_at: clock.now() })
        await sessions.factsChanged(trx, staffId)
        await append({
          kind: 'conduct-signed',
          header: { office: person.office, counts: { version } },
          body: { person: staffId, deskName: person.desk_name, version, by: bySaying(by) },
          actor: actorIdOf(by) ?? staffId,
        })
        return null
      }),
    async lastSignature(staffId) {
      const row = await lastSignature(db, staffId)
      return row === null ? null : { version: row.version, signedAt: row.signed_at }
    },
  }
}
