import Type from 'typebox'
import { CodedError } from '../../platform/coded-error.ts'
import type { App } from '../../platform/http/app.ts'
import { type Refusal, refuse } from '../../platform/refusal.ts'
import { buildVerifyPage } from './build-page.ts'
import { type EvidenceParties, makeEvidence } from './make-bundle.ts'

/** HTTP statuses of this desk's refusals. */
export const EVIDENCE_PROBLEMS: Readonly<Record<string, number>> = {
  'evidence-entry-unknown': 404,
  'evidence-broken': 409,
  'evidence-entry-lost': 410,
}

/** From the console; the command line takes more. */
const MOST = 200
const Indexes = Type.Array(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), { maxItems: MOST })

/** Adds the making of bundles, for roles that policy allows, and the public page that checks them. */
export function addEvidenceRoutes(app: App, parties: Omit<EvidenceParties, 'page'>): void {
  app.addProblems(EVIDENCE_PROBLEMS)
  app.post(
    '/api/ledger/evidence',
    {
      config: { access: { kind: 'staff', action: 'make-evidence' } },
      schema: {
        tags: ['ledger'],
        summary:
          'Entries, their proofs and what was shown, as one zip that opens without us; it is an entry too',
        body: Type.Object(
          {
            entries: Type.Array(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), {
              minItems: 1,
              maxItems: MOST,
            }),
            withhold: Type.Optional(Indexes),
            reason: Type.String({ minLength: 10, maxLength: 500 }),
            caseSerial: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const page = async () => (await buildVerifyPage()).html
      const actor = (request.staff as { readonly id: string }).id
      const made = await orRefusal(makeEvidence({ ...parties, page }, { ...request.body, actor }))
      if ('code' in made) return reply.refuse(made)
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="evidence-${made.sealedBy}.zip"`)
        .type('application/zip')
        .send(Buffer.from(made.zip))
    },
  )
  app.get(
    '/log/verify.html',
    {
      config: { access: { kind: 'public' } },
      schema: { tags: ['log'], summary: 'The page that checks bundles of evidence, as bundles carry it' },
    },
    async (_request, reply) => {
      const { html, policy } = await buildVerifyPage()
      return reply
        .header('content-security-policy', `${policy}; frame-ancestors 'none'`)
        .header('cache-control', 'public, max-age=300')
        .type('text/html; charset=utf-8')
        .send(html)
    },
  )
}

/** What the orderer can mend is a refusal; a broken ledger is said too, for no bundle may hide it. */
async function orRefusal<T extends object>(making: Promise<T>): Promise<T | Refusal> {
  try {
    return await making
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    if (error.code === 'entry-unknown')
      return refuse(
        'evidence-entry-unknown',
        'The ledger has no entry of one of these numbers.',
        'Choose entries below the size of the log.',
      )
    if (error.code === 'entry-lost')
      return refuse(
        'evidence-entry-lost',
        `Of one of these entries nothing can be shown: ${error.message}.`,
        'Leave it out, and give its proof file instead.',
      )
    if (error.code === 'body-broken' || error.code === 'shown-broken')
      return refuse(
        'evidence-broken',
        'What is kept of one of these entries is not what it commits to.',
        'Have the ledger verified at once: countersign verify.',
      )
    throw error
  }
}
