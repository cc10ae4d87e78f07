import type { CertificateDraft, SignedCertificate } from '../../../src/lawful/certificate.ts'
import { ask, send } from './client.ts'

export type { CertificateDraft, SignedCertificate }

/** The yearly certificate. */
export const certificate = {
  list: () => ask<{ certificates: SignedCertificate[] }>('/api/lawful/certificates'),
  draft: (year: number, brokers: string) =>
    send<CertificateDraft>('/api/lawful/certificates/draft', { year, brokers }),
  sign: (year: number, brokers: string, id: string, response: object) =>
    send<SignedCertificate>('/api/lawful/certificates', { year, brokers, id, response }),
}
