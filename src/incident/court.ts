import type { App } from '../platform/http/app.ts'
import { addChainRoutes, type ChainDesk, createChainDesk } from './chain.ts'
import type { CourtParties } from './parties.ts'
import { createReferralDesk, type ReferralDesk } from './referral.ts'
import { addReferralRoutes } from './referral-routes.ts'
import { addStatementRoutes } from './statement-routes.ts'
import { createStatementDesk, type StatementDesk } from './statements.ts'

/** What leaves a case: how it went (the chain), to the police (referrals), to everybody (statements). */
export interface Court {
  readonly chains: ChainDesk
  readonly referrals: ReferralDesk
  readonly statements: StatementDesk
}

/** Opens the three desks over one case room. */
export function createCourt(parties: CourtParties): Court {
  return {
    chains: createChainDesk(parties),
    referrals: createReferralDesk(parties),
    statements: createStatementDesk(parties),
  }
}

/** Adds their routes under `/api/incidents/:id`, and their problems tables. */
export function addCourtRoutes(app: App, court: Court): void {
  addChainRoutes(app, court.chains)
  addReferralRoutes(app, court.referrals)
  addStatementRoutes(app, court.statements)
}
