import type { DataField } from '../calls/lawful-frame.ts'
import type { Words } from '../platform/words.ts'

/** The entry that leads from a customer to what an authority was given about her: it is there once secrecy has ended. */
export const DISCLOSURE_KIND = 'authority-disclosure'

/** What it says; every word of it is for her page. */
export interface AuthorityDisclosure {
  readonly request: string
  readonly tenure: string
  readonly authority: Words
  /** Who filtered the request. */
  readonly gate: Words
  readonly basis: Words
  /** Epoch seconds, half open: the stretch of her log. */
  readonly from: number
  readonly until: number
  readonly rows: number
  readonly fields: readonly DataField[]
  /** Epoch ms. */
  readonly deliveredAt: number
  /** The entry that stood for it, sealed, from its delivery on; absent where nothing was kept secret. */
  readonly slot?: number
}
