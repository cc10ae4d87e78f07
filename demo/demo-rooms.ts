import type { Factor, Purpose, Question, Resolution } from '../src/care/schemas.ts'
import type { Customers } from '../src/customers/customers.ts'
import type { Article } from '../src/find/articles.ts'
import type { LawfulDesk } from '../src/lawful/desk.ts'
import type { Ledger } from '../src/ledger/ledger.ts'
import type { Db } from '../src/platform/database.ts'
import type { Refusal } from '../src/platform/refusal.ts'
import type { StaffRoom } from '../src/staff/room.ts'
import type { StaffFacts } from '../src/staff/staff.ts'
import type { Reports as PublicReports } from '../src/transparency/reports.ts'

/** Files call records: the vault's ingest with the demo's map. */
export type FileCalls = (options: {
  readonly files: readonly string[]
  /** 0 to 1. */
  readonly progress: (done: number) => void
}) => Promise<{ readonly filed: number; readonly quarantined: number }>

/** The care desk's use cases, as a champion's browser would ask for them. */
export interface DemoCare {
  openContact(
    staff: StaffFacts,
    ask: { number: string; channel: 'call' | 'shop' },
  ): Promise<{ contact: string } | Refusal>
  startFactor(
    staff: StaffFacts,
    contact: string,
    factor: Factor,
    document?: { kind: 'nrc'; unexpired: boolean; compared: boolean },
  ): Promise<unknown | Refusal>
  answerFactor(
    staff: StaffFacts,
    contact: string,
    factor: Factor,
    secret: string,
  ): Promise<{ passed: boolean } | Refusal>
  askForLook(
    staff: StaffFacts,
    contact: string,
    ask: { purpose: Purpose; month: string; question: Question; note: string },
  ): Promise<{ look: string } | Refusal>
  openBill(staff: StaffFacts, look: string): Promise<unknown | Refusal>
  openRows(staff: StaffFacts, look: string, page: number): Promise<{ pages: number } | Refusal>
  sendStatement(staff: StaffFacts, look: string, language: 'en' | 'my'): Promise<unknown | Refusal>
  closeContact(
    staff: StaffFacts,
    contact: string,
    closing: { resolution: Resolution; note: string },
  ): Promise<unknown | Refusal>
}

/**
 * The rooms that the demo fills: the real ones, built over one database and one key directory with the clock,
 * texts, telephony and jobs of `createPast`.
 */
export interface DemoRooms {
  readonly db: Db
  readonly ledger: Ledger
  readonly staff: Pick<StaffRoom, 'people' | 'work' | 'conduct' | 'circle' | 'verification' | 'sessions'>
  readonly customers: Pick<Customers, 'register' | 'count'>
  readonly care: DemoCare
  readonly lawful: LawfulDesk
  readonly publicReports: Pick<PublicReports, 'sweep'>
  readonly fileCalls: FileCalls
  readonly saveArticles: (articles: readonly Article[]) => Promise<void>
}
