import { commitWith } from '../ledger/commit.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { loadRequest } from './book.ts'
import { frameOf, type LawfulParties, requestEntry } from './parties.ts'
import { by } from './production.ts'
import { readPackage, savePackageFetched } from './store.ts'

/** What was delivered, to the byte: fetched by the authority, shown again to us, opened again with a reason. */

const DAY_MS = 86_400_000

/** The encrypted file, as delivered, for the regulator's officers; its fetching is an entry. */
export async function fetchPackage(
  room: LawfulParties,
  who: { id: string },
  id: string,
): Promise<{ bytes: Buffer; name: string } | Refusal> {
  const held = await loadRequest(room, room.db, id)
  if (isRefusal(held)) return held
  const stored = await readPackage(room.db, id)
  if (stored === null || held.case.deliveredAt === null)
    return refuse('package-not-ready', 'There is no package to fetch yet.', 'Follow the request.')
  if (held.case.afterReview?.finding === 'not-confirmed')
    return refuse(
      'emergency-not-confirmed',
      'The review afterwards did not confirm this emergency: the package is not given out again.',
      'Delete what was fetched, and file a request with its paper.',
    )
  const { packageDays } = frameOf(room, held.case.filing.frame).deadlines
  if (room.clock.now() > held.case.deliveredAt + packageDays * DAY_MS)
    return refuse(
      'package-over',
      `The package could be fetched for ${packageDays} days.`,
      'Ask the operator.',
    )
  await commitWith(room.db, room.ledger, async (trx, append) => {
    await savePackageFetched(trx, id, room.clock.now())
    await append(
      requestEntry(
        room,
        'package-fetched',
        held,
        { digest: stored.digest },
        { at: room.clock.now(), actor: who.id },
      ),
    )
  })
  return { bytes: openPackage(room, id, 'delivered', stored.delivered), name: `${held.serial}.tar.age` }
}

/** What was delivered, to the byte, as it was encrypted. */
export async function deliveredPackage(
  room: LawfulParties,
  id: string,
): Promise<{ bytes: Buffer; name: string } | Refusal> {
  const held = await loadRequest(room, room.db, id)
  if (isRefusal(held)) return held
  const stored = await readPackage(room.db, id)
  if (stored === null) return refuse('package-not-ready', 'There is no package yet.', 'Produce it first.')
  return { bytes: openPackage(room, id, 'delivered', stored.delivered), name: `${held.serial}.tar.age` }
}

/** The archive that was encrypted, to the byte: it shows call records, so it takes a reason and is an entry first. */
export async function reopenPackage(
  room: LawfulParties,
  staff: StaffFacts,
  id: string,
  reason: string,
): Promise<{ bytes: Buffer; name: string } | Refusal> {
  const held = await loadRequest(room, room.db, id)
  if (isRefusal(held)) return held
  const stored = await readPackage(room.db, id)
  if (stored === null) return refuse('package-not-ready', 'There is no package yet.', 'Produce it first.')
  if (reason.trim().length < 20)
    return refuse(
      'reason-too-short',
      'Opening a package again needs its reason.',
      'Say why, in 20 letters or more.',
    )
  await room.ledger.record(
    requestEntry(
      room,
      'package-reopened',
      held,
      { by: { ...by(staff) }, reason, digest: stored.digest },
      {
        at: room.clock.now(),
        actor: staff.id,
      },
    ),
  )
  return { bytes: openPackage(room, id, 'archive', stored.archive), name: `${held.serial}.tar` }
}

function openPackage(room: LawfulParties, id: string, part: 'archive' | 'delivered', sealed: Buffer): Buffer {
  return room.keys.sealer.open('lawful-package', `${id}:${part}`, sealed)
}
