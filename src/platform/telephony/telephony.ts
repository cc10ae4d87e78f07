import type { Trx } from '../database.ts'
import type { Language } from '../words.ts'

/** A call that is on the line now, by the telephony system's own word. */
export interface LiveCall {
  readonly callId: string
  /** E.164. */
  readonly number: string
  /** Desk name: `M-17`. */
  readonly desk: string
  /** Our own network says that the call comes from this number (not the caller's say-so). */
  readonly networkAsserted: boolean
  /** True once the desk has answered. */
  readonly answered: boolean
  /** When it rang, ms since 1970. */
  readonly startedAt: number
  /** The `ref` of the call back that this call is, if it is one. */
  readonly callBackRef: string | null
}

/** Digits that the caller keyed in; handed over in memory, never stored. */
export interface KeyedDigits {
  readonly callId: string
  /** The `ref` given to `askDigits`. */
  readonly ref: string
  readonly digits: string
}

export interface CallBackOutcome {
  readonly callId: string
  readonly ref: string
  readonly desk: string
  /** Answered by the phone that was called; false: busy, no answer, or rejected. */
  readonly answered: boolean
}

/** What the desks need of the operator's telephony system (PBX, ACD). */
export interface Telephony {
  /** The newest call of this number that has not ended, ringing or answered. */
  liveCall(number: string): Promise<LiveCall | null>
  /** The newest call that has not ended at this desk. */
  liveCallAtDesk(desk: string): Promise<LiveCall | null>
  /** A call by its id, null when it ended or never was. */
  liveCallById(callId: string): Promise<LiveCall | null>
  /** Asks the system to ring `number` for `desk`, once `trx` commits. The outcome comes to `onCallBack` listeners. */
  callBack(trx: Trx, request: { number: string; desk: string; ref: string }): Promise<void>
  /**
   * Plays a prompt to the caller and collects `count` digits, which come to `onDigits` listeners.
   * @throws CodedError `telephony-unreachable`, or `call-gone` when the call has ended.
   */
  askDigits(
    callId: string,
    request: { count: number; ref: string; prompt: 'pin' | 'code'; language: Language },
  ): Promise<void>
  /** Exactly one room may own a ref; a listener ignores refs that are not its own. Returns: stops listening. */
  onDigits(listener: (keyed: KeyedDigits) => Promise<void>): () => void
  onCallBack(listener: (outcome: CallBackOutcome) => Promise<void>): () => void
  /** A call ended: whatever was granted for its length ends. */
  onCallEnded(listener: (call: { callId: string; desk: string }) => Promise<void>): () => void
}
