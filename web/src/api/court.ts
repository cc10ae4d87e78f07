import type { ChainAsked, ChainViewData } from '../../../src/incident/chain-schemas.ts'
import type { AnswerAsked } from '../../../src/incident/enquiry-rules.ts'
import type { EnquiriesViewData, EnquiryAsked } from '../../../src/incident/enquiry-schemas.ts'
import type {
  PreparingAsked,
  ReferralActAsked,
  ReferralPreviewData,
  ReferralViewData,
} from '../../../src/incident/referral-schemas.ts'
import type {
  StatementActAsked,
  StatementsViewData,
  StatementViewData,
  TextAsked,
} from '../../../src/incident/statement-schemas.ts'
import { ask, fetchFile, send } from './client.ts'

export type Chain = ChainViewData
export type ChainChange = ChainAsked
export type Referral = ReferralViewData
export type ReferralPreview = ReferralPreviewData
export type Statement = StatementViewData
export type Statements = StatementsViewData
export type Enquiries = EnquiriesViewData
export type StatementText = TextAsked

const one = (id: string): string => `/api/incidents/${encodeURIComponent(id)}`
const referral = (id: string, of: string): string => `${one(id)}/referrals/${encodeURIComponent(of)}`

/** What leaves a case: its chain, referrals to the police, what is said in public. */
export const court = {
  chain: (id: string) => ask<Chain>(`${one(id)}/chain`),
  changeChain: (id: string, change: ChainChange) => send<Chain>(`${one(id)}/chain`, change),
  referrals: (id: string) => ask<{ referrals: Referral[] }>(`${one(id)}/referrals`),
  preview: (id: string) => ask<ReferralPreview>(`${one(id)}/referral-preview`),
  prepare: (id: string, asked: PreparingAsked) => send<Referral>(`${one(id)}/referrals`, asked),
  actReferral: (id: string, of: string, act: ReferralActAsked) =>
    send<Referral>(`${referral(id, of)}/steps`, act),
  makeBundle: (id: string, of: string) => send<Referral>(`${referral(id, of)}/bundle`),
  copyBundle: (id: string, of: string, says: string) => fetchFile(`${referral(id, of)}/copies`, { says }),
  custodyBundle: (id: string, of: string) => fetchFile(`${referral(id, of)}/custody`, undefined),
  enquiries: (id: string) => ask<Enquiries>(`${one(id)}/enquiries`),
  askEnquiry: (id: string, asked: EnquiryAsked) => send<Enquiries>(`${one(id)}/enquiries`, asked),
  answerEnquiry: (id: string, of: string, asked: AnswerAsked) =>
    send<Enquiries>(`${one(id)}/enquiries/${encodeURIComponent(of)}/answers`, asked),
  statements: (id: string) => ask<Statements>(`${one(id)}/statements`),
  draft: (id: string, text: StatementText) => send<Statement>(`${one(id)}/statements`, { text }),
  actStatement: (id: string, of: string, act: StatementActAsked) =>
    send<Statement>(`${one(id)}/statements/${encodeURIComponent(of)}/steps`, act),
}
