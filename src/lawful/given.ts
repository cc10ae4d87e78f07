import type { Db } from '../platform/database.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { GivenPackage, Packages } from '../trace/packages.ts'
import { openCase } from './book.ts'
import type { ToldLater } from './production.ts'
import { readDisclosuresOf, readRequest } from './store.ts'

/**
 * What the trace desk may know of requests: that a package with rows of this log was handed out, and when. It is read from
 * what is kept to tell her one day, secret or not: nothing in the ledger leads from her to a request that is still secret.
 */
export function createGivenPackages(parties: {
  readonly db: Db
  readonly keys: { readonly sealer: Sealer }
}): Packages {
  const { db, keys } = parties
  return {
    async delivered(tenure) {
      const disclosures = await readDisclosuresOf(db, tenure)
      const given = await Promise.all(
        disclosures.map(async ({ request, sealed }): Promise<GivenPackage[]> => {
          const row = await readRequest(db, request)
          const at = row === null ? null : openCase(parties, row).case.deliveredAt
          if (row === null || at === null) return []
          const text = keys.sealer.open('lawful-disclosure', `${request}:${tenure}`, sealed)
          const { from, rows } = JSON.parse(text.toString('utf8')) as ToldLater
          return rows === 0 ? [] : [{ serial: row.serial, at, from, rows }]
        }),
      )
      return given.flat()
    },
  }
}
