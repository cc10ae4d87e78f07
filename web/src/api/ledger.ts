import type { ProofBundle } from '../../../src/ledger/ledger.ts'
import type { Countersigned, WitnessAlarm } from '../../../src/ledger/witnessing.ts'
import { ask, fetchFile } from './client.ts'

/** The newest signed state of the ledger. */
export interface LedgerHead {
  readonly origin: string
  /** The log's own key, against which proofs are checked. */
  readonly verifierKey: string
  readonly size: number
  readonly root: string
  readonly checkpoint: string
  readonly at: number
  /** How far the witnesses of the policy stand behind it. */
  readonly countersigned: Countersigned
  readonly alarm: WitnessAlarm | null
  /** Why nothing is revealed just now; null: it is. */
  readonly stopped: WitnessAlarm | null
}

/** What may one day be public of an entry. */
export type EntryHeader = Readonly<Record<string, unknown>> & {
  readonly kind: string
  readonly day: string
}
export interface EntryLine {
  readonly index: number
  /** Null where its texts were lost in a restore. */
  readonly header: EntryHeader | null
  readonly bodyErased: boolean
}
export interface EntryBody {
  readonly kind: string
  readonly at: number
  readonly actor: string | null
  /** Null where it was erased. */
  readonly body: Readonly<Record<string, unknown>> | null
}
export type { ProofBundle }

/** How far the ledger reaches. */
export const readHead = (): Promise<LedgerHead> => ask('/api/ledger/head')
/** Headers, newest first, 50 at a time. */
export const readEntries = (before?: number): Promise<{ entries: EntryLine[] }> =>
  ask(`/api/ledger/entries?limit=50${before === undefined ? '' : `&before=${before}`}`)
/** The sealed part of an entry, for roles that may open it. */
export const readBody = (index: number): Promise<EntryBody> => ask(`/api/ledger/entries/${index}/body`)
/** Where an entry's proof lies as a file that any tlog tool reads. */
export const proofFileOf = (index: number): string => `/api/ledger/entries/${index}/tlog-proof`
/** The proof that an entry is in the signed log. */
export const readProof = (index: number): Promise<ProofBundle> => ask(`/api/ledger/entries/${index}/proof`)
/** A zip of evidence; its making is an entry. */
export const makeEvidence = (order: {
  entries: readonly number[]
  withhold: readonly number[]
  reason: string
  caseSerial?: string
}): Promise<{ name: string; bytes: Blob }> => fetchFile('/api/ledger/evidence', order)
