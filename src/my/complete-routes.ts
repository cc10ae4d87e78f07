import Type from 'typebox'
import { customerOf } from '../customers/sessions.ts'
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
        return { bundles: await Promise.all(links.map(({ index }) => room.ledger.proofOf(index))) }
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

/** HTTP statuses of the refusals above. */
export const COMPLETE_PROBLEMS: Readonly<Record<string, number>> = { 'epoch-missing': 404, 'links-lost': 410 }
