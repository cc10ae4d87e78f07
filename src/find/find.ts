import type { E164 } from '../calls/call-record.ts'
import type { KeyService } from '../keys/key-service.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Db } from '../platform/database.ts'
import type { Words } from '../platform/words.ts'
import type { Policy } from '../staff/policy.ts'
import type { OfficeId, StaffFacts } from '../staff/staff.ts'
import { listPeople } from '../staff/store.ts'
import { PSEUDONYM_KEY, subjectOf } from '../vault/subject.ts'
import { excerptOf, parseQuery, type Query, readsLikeName, tsqueryOf } from './query.ts'
import { searchArticles } from './store.ts'

/** A contact as a search may show it: never a number, never a customer's name. */
export interface FoundContact {
  readonly id: string
  readonly deskName: string
  readonly channel: string
  readonly openedAt: number
  readonly state: string
}

/** The care desk's part: contacts that this person may see. */
export interface ContactFinder {
  /** @param query.subject the pseudonym when a number was typed, else null. */
  findContacts(
    staff: StaffFacts,
    query: { readonly text: string; readonly subject: string | null },
    limit: number,
  ): Promise<readonly FoundContact[]>
}

export interface Found {
  readonly contacts: readonly FoundContact[]
  readonly staff: readonly { id: string; deskName: string; name: string; office: OfficeId }[]
  readonly articles: readonly { slug: string; title: Words; excerpt: Words }[]
  /** A telephone number was typed, and this person may offer to open a contact with it. */
  readonly number: boolean
}

export interface Find {
  /** What this person may find. Whatever names somebody is in the ledger before the answer leaves. */
  find(staff: StaffFacts, typed: string): Promise<Found>
}

export interface FindParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly keys: Pick<KeyService, 'prfKey'>
  readonly policy: Policy
  readonly parseNumber: (text: string) => E164 | null
  readonly contacts: ContactFinder
}

const MOST_OF_EACH = 8
const COUNTER = { type: 'Desk', id: 'find' } as const

/**
 * The search box. A number is never looked up among customers here, so the answer is the same whether
 * somebody has it or not: it only offers to open a contact, where all rules wait.
 */
export function createFind(parties: FindParties): Find {
  const { db, ledger, policy, contacts } = parties
  const pseudonymKey = parties.keys.prfKey(PSEUDONYM_KEY)
  const may = (staff: StaffFacts, action: string): boolean =>
    policy.decide({ staff, action, resource: COUNTER }) === null
  return {
    async find(staff, typed) {
      const query = parseQuery(typed)
      const number = parties.parseNumber(query.text)
      const subject = number === null ? null : subjectOf(pseudonymKey, number)
      const [people, articles, found] = await Promise.all([
        number === null ? findPeople(db, query) : [],
        number === null ? findArticles(db, query) : [],
        may(staff, 'find-contacts')
          ? contacts.findContacts(staff, { text: query.text, subject }, MOST_OF_EACH)
          : [],
      ])
      if (subject !== null || people.length > 0 || found.length > 0 || readsLikeName(query.text))
        await ledger.record({
          kind: 'find',
          header: null,
          body: {
            staff: staff.id,
            deskName: staff.deskName,
            office: staff.office,
            ...(subject === null ? { asked: query.text } : { number: true }),
            found: { people: people.map(({ id }) => id), contacts: found.map(({ id }) => id) },
          },
          subject,
          actor: staff.id,
        })
      return {
        contacts: found,
        staff: people,
        articles,
        number: number !== null && may(staff, 'find-numbers'),
      }
    },
  }
}

async function findPeople(db: Db, query: Query): Promise<Found['staff']> {
  if (query.text.length < 2) return []
  const people = await listPeople(db, { text: query.text, status: 'active', limit: MOST_OF_EACH })
  return people.map(({ id, desk_name: deskName, name, office }) => ({ id, deskName, name, office }))
}

async function findArticles(db: Db, query: Query): Promise<Found['articles']> {
  const english = tsqueryOf(query.latin)
  const burmese = tsqueryOf(query.burmese)
  if (english === null && burmese === null) return []
  const rows = await searchArticles(db, { english, burmese, text: query.text, limit: MOST_OF_EACH })
  return rows.map((row) => ({
    slug: row.slug,
    title: { en: row.title_en, my: row.title_my },
    excerpt: excerptOf({ en: row.body_en, my: row.body_my }, query),
  }))
}
