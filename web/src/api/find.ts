import type { Words } from '../../../src/platform/words.ts'
import { send } from './client.ts'

/** What the search box found that this person may see; a number is only ever an offer to open a contact. */
export interface Found {
  readonly contacts: readonly {
    id: string
    deskName: string
    channel: string
    openedAt: number
    state: string
  }[]
  readonly staff: readonly { id: string; deskName: string; name: string; office: string }[]
  readonly articles: readonly { slug: string; title: Words; excerpt: Words }[]
  readonly number: boolean
}

/** Searches; the words go in the body because they may name a person. */
export const find = (q: string): Promise<Found> => send<Found>('/api/find', { q })
