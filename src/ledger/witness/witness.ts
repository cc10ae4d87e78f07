import type { Clock } from '../../platform/clock.ts'
import { CodedError } from '../../platform/coded-error.ts'
import { cosign } from '../cosignature.ts'
import type { VerifierKey } from '../note.ts'
import { type AddCheckpointFault, type Judgement, judge, readAddCheckpoint } from './add-checkpoint.ts'
import type { SeenLog, SeenStore } from './seen-store.ts'
import type { WitnessKey } from './witness-key.ts'

/** A witness's answer to `add-checkpoint`, as HTTP sends it. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422
  readonly type: 'text/plain; charset=utf-8' | 'text/x.tlog.size'
  readonly body: string
}

/** Somebody independent who cosigns what only ever grows. */
export interface Witness {
  readonly key: WitnessKey
  /** What it has cosigned so far. */
  seen(): readonly SeenLog[]
  /** @param text the whole request */
  addCheckpoint(text: string): WitnessAnswer
}

const TEXT = 'text/plain; charset=utf-8'
const STATUS: Readonly<Record<AddCheckpointFault, 400 | 403 | 404>> = {
  'request-malformed': 400,
  'log-unknown': 404,
  'log-signature': 403,
}

/** A witness of `logs` (C2SP tlog-witness, tlog-cosignature). */
export function createWitness(parties: {
  key: WitnessKey
  store: SeenStore
  logs: readonly VerifierKey[]
  clock: Clock
}): Witness {
  const { key, store, clock } = parties
  const logs = new Map(parties.logs.map((log) => [log.name, log]))
  return {
    key,
    seen: () => store.list(),
    addCheckpoint(text) {
      try {
        const request = readAddCheckpoint(text, logs)
        const { origin, size, root } = request.checkpoint
        let judgement: Judgement | null = null
        let seconds = 0
        store.advance(origin, (seen) => {
          judgement = judge(request, seen)
          if (judgement.status !== 200) return null
          // A clock that was set back must not make a larger tree look older than a smaller one.
          seconds = Math.max(1, Math.floor(clock.now() / 1000), seen?.seconds ?? 0)
          return { origin, size, root, seconds }
        })
        const said = judgement as Judgement | null
        if (said?.status !== 200) return refusalOf(said as Exclude<Judgement, { status: 200 }>)
        return { status: 200, type: TEXT, body: cosign(request.body, seconds, key) }
      } catch (error) {
        const status = error instanceof CodedError ? STATUS[error.code as AddCheckpointFault] : undefined
        if (status === undefined) throw error
        return { status, type: TEXT, body: `${(error as Error).message}\n` }
      }
    },
  }
}

function refusalOf(judgement: Exclude<Judgement, { status: 200 }>): WitnessAnswer {
  if (judgement.status === 409) return { status: 409, type: 'text/x.tlog.size', body: `${judgement.size}\n` }
  return { status: judgement.status, type: TEXT, body: `${judgement.why}\n` }
}
