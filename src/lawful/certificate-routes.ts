import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { App } from '../platform/http/app.ts'
import { staffOf } from '../staff/staff.ts'
import type { CertificateDraft, SignedCertificate } from './certificate.ts'
import type { LawfulDesk } from './desk.ts'
import { answers, documented, needs, send } from './route.ts'
import * as schemas from './schemas.ts'

/** The officer's yearly certificate: gathered, read, signed with a passkey. */
export function addCertificateRoutes(app: App, desk: LawfulDesk): void {
  app.get(
    '/api/lawful/certificates',
    {
      config: needs('sign-certificate'),
      schema: documented('Certificates signed so far', answers<{ certificates: SignedCertificate[] }>(), {}),
    },
    async () => ({ certificates: await desk.certificates() }),
  )
  app.post(
    '/api/lawful/certificates/draft',
    {
      config: needs('sign-certificate'),
      schema: documented(
        'Gather a year’s figures, and a challenge to sign them',
        answers<CertificateDraft>(),
        {
          body: schemas.CertificateBody,
        },
      ),
    },
    async (request, reply) => {
      const { year, brokers } = request.body
      return send(reply, await desk.certificateDraft(year, staffOf(request), brokers))
    },
  )
  app.post(
    '/api/lawful/certificates',
    {
      config: needs('sign-certificate'),
      schema: documented('Sign it with one’s own passkey', answers<SignedCertificate>(), {
        body: schemas.SignatureBody,
      }),
    },
    async (request, reply) => {
      const response = request.body.response as unknown as AuthenticationResponseJSON
      return send(reply, await desk.signCertificate(staffOf(request), { ...request.body, response }))
    },
  )
}
