import type { Scene } from './scene.ts'

/** One attack: who, what they try, and how it is done on a running server. */
export interface Attack {
  readonly id: string
  readonly who: string
  readonly tries: string
  /** Run by `npm test` too, where its outcome is held against the documents. */
  readonly quick?: true
  /** Needs a house of its own: it changes the database, stops people, or turns the clock. */
  readonly alone?: true
  /** One of many alike: what its list proves is told once, by another. */
  readonly unproven?: true
  run(scene: Scene): Promise<void>
}
