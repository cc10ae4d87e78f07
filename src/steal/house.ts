import type { RunningServer } from '../server.ts'
import { type Cast, type Heist, sitDown } from './heist.ts'
import type { Chance } from './notebook.ts'
import { judgeHeist, type Verdict } from './verdict.ts'

/** One visitor's game at a time: a copy to play in, the heist, and what came of it. */

/** A copy of the demo that nothing else uses. */
export interface Copy {
  readonly server: Pick<RunningServer, 'url' | 'rooms' | 'demo'>
  /** Ends it and deletes what is of it. */
  close(): Promise<void>
}

export type Stage =
  | { readonly at: 'start' }
  | { readonly at: 'making' }
  | { readonly at: 'failed'; readonly why: string }
  | { readonly at: 'desk'; readonly heist: Heist }
  | { readonly at: 'judging' }
  | { readonly at: 'verdict'; readonly verdict: Verdict; readonly heist: Heist }

export interface Game {
  readonly stage: Stage
  readonly cast: Cast
  /** Begins anew, in a copy in the same state as ever. */
  begin(): Promise<void>
  /** Hands the list in and hears the other side. */
  handIn(): Promise<void>
  close(): Promise<void>
}

/** Opens the game; `openCopy` is asked at each beginning. */
export function openGame(parties: { openCopy: () => Promise<Copy>; cast: () => Cast; chance: Chance }): Game {
  let stage: Stage = { at: 'start' }
  let copy: Copy | null = null
  let work: Promise<void> = Promise.resolve()
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    work = work.catch(() => {}).then(act)
    return work
  }
  const end = async (): Promise<void> => {
    const open = copy
    copy = null
    await open?.close()
  }
  const fail = (error: unknown): void => {
    stage = { at: 'failed', why: error instanceof Error ? error.message : 'unknown' }
  }
  return {
    get stage() {
      return stage
    },
    get cast() {
      return parties.cast()
    },
    begin: () => {
      stage = { at: 'making' }
      return inTurn(async () => {
        try {
          await end()
          copy = await parties.openCopy()
          stage = { at: 'desk', heist: await sitDown(copy.server, parties.cast(), parties.chance) }
        } catch (error) {
          fail(error)
        }
      })
    },
    handIn: () => {
      const open = copy
      if (stage.at !== 'desk' || open === null) return work
      const { heist } = stage
      stage = { at: 'judging' }
      return inTurn(async () => {
        try {
          await heist.leave()
          stage = { at: 'verdict', heist, verdict: await judgeHeist(open.server, heist) }
        } catch (error) {
          fail(error)
        }
      })
    },
    close: () => inTurn(end),
  }
}
