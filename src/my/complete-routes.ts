import Type from 'typebox'
import { customerOf } from '../customers/sessions.ts'
import { DISCLOSURE_KIND } from '../lawful/disclosure.ts'
import { parseHeader } from '../ledger/commitment.ts'
import type { ProofBundle } from '../ledger/ledger.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { App } from '../platform/http/app.ts'
import { refuse } from '../platform/refusal.ts'
import type { MyRoom } from './room.ts'

/** Links sent at once. */
export const LINKS_AT_ONCE = 100

const tags = ['my']

/** What her browser checks the whole list with: where her chain ends in the newest epoch, and its links. */
export function addCompleteRoutes(app: App, room: MyRoom): void {
  app.get(
    '/my/complete',
    {
      config: { access: { kind: 'customer' } },
      schema: { tags, summary: 'The proof of where the chain of looks at her log ends' },
    },
    async (request, reply) => {
      const { subject, tenure } = customerOf(request).subscriber
      const proof = await room.epochs.prove({ subject, tenure })
      // The first one, until the witnesses have signed it: her browser takes nothing less.
      const waits = room.epochs.policy.witnesses.length > 0 && !(await room.epochs.published()).witnessed
      if (proof === null || waits)
        return reply.refuse(
          refuse('epoch-missing', 'There is no epoch of the register yet.', 'Try again in a minute.'),
        )
      return proof
    },
  )
  app.get(
    '/my/complete/links',
    {
      config: { access: { kind: 'customer' } },
      schema: {
        tags,
        summary: 'The proofs of the links of her chain, in order',
        querystring: Type.Object({
          after: Type.Integer({ minimum: 0 }),
          upTo: Type.Integer({ minimum: 0 }),
        }),
      },
    },
    async (request, reply) => {
      const { subject, tenure } = customerOf(request).subscriber
      const page = { ...request.query, limit: LINKS_AT_ONCE }
      const links = await room.epochs.links({ subject, tenure }, page)
      try {
        const bundles = await Promise.all(links.map(({ index }) => proofAt(room, index)))
        const { after } = request.query
        const gone = links.findIndex(({ sequence }, i) => bundles[i] === null || sequence !== after + i + 1)
        const there = bundles.slice(0, gone < 0 ? bundles.length : gone).filter((one) => one !== null)
        return { bundles: there, slots: await slotsOf(room, there) }
      } catch (error) {
        if (!(error instanceof CodedError) || error.code !== 'entry-lost') throw error
        return reply.refuse(
          refuse(
            'links-lost',
            'Texts of the register were lost in a restore.',
            'Ask the operator in a shop.',
          ),
        )
      }
    },
  )
}

/**
 * The proofs of the sealed entries that these links open, for her browser to see that they were hers: a disclosure that is
 * in her chain names its own, and nothing else leads there.
 */
async function slotsOf(room: MyRoom, bundles: readonly ProofBundle[]): Promise<ProofBundle[]> {
  const named = bundles
    .map(({ header }) => parseHeader(header.text))
    .flatMap(({ kind, counts }) => (kind === DISCLOSURE_KIND ? (counts?.slot ?? []) : []))
  const slots = await Promise.all([...new Set(named)].map((index) => proofAt(room, index)))
  return slots.filter((slot) => slot !== null)
}

/**
 * The proof of a link; without its words where somebody changed them, and null where its row is gone. Her browser names
 * that better than a server that fails would: it counts fewer links than the map has, or misses the words.
 */
async function proofAt({ ledger }: MyRoom, index: number): Promise<ProofBundle | null> {
  try {
    return await ledger.proofOf(index)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    if (error.code === 'entry-unknown') return null
    if (error.code !== 'body-broken') throw error
    return ledger.proofOf(index, { body: false })
  }
}

/** HTTP statuses of the refusals above. */
export const COMPLETE_PROBLEMS: Readonly<Record<string, number>> = { 'epoch-missing': 404, 'links-lost': 410 }
