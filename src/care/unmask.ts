import type { OtherParty } from '../calls/call-record.ts'
import { formatNumber } from '../calls/numbers.ts'
import { commitWith } from '../ledger/commit.ts'
import type { Field } from '../ledger/receipt.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { policyOf } from './contact-view.ts'
import { sealRendering } from './disclose.ts'
import { lookEntry } from './entry-drafts.ts'
import { decideUnmask } from './grant-rules.ts'
import { loadLook, openDoor } from './load.ts'
import type { LoadedLook } from './look-cache.ts'
import { countShown, insertRendering } from './look-store.ts'
import type { CareRoom } from './parties.ts'
import { grantView, openingOfRows, rowOf, rowPlace } from './reveal.ts'
import type { OrderedRow } from './row-order.ts'

/** One row in full, with a fresh code that the customer reads out for that row. */

const FIELDS: readonly Field[] = ['start', 'charge', 'otherFull']

/** Sends the customer a code for this row. */
export async function askForRow(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  row: string,
): Promise<{ sent: true; until: number; says: Words } | Refusal> {
  const found = await shownRow(room, staff, id, row)
  if (isRefusal(found)) return found
  const { subscriber, contact } = found.loaded
  const sent = await commitWith(room.db, room.ledger, (trx) =>
    room.customers.sendCode(trx, subscriber, {
      purpose: 'unmask-row',
      bindTo: bindingOf(found.loaded, row),
      countWith: contact.id,
      allows: {
        en: 'shows our staff one number of your calls in full',
        my: 'သင့်ဖုန်းမှတ်တမ်းမှ နံပါတ်တစ်ခုကို ကျွန်ုပ်တို့ဝန်ထမ်းအား အပြည့်ပြသည်',
      },
    }),
  )
  if (isRefusal(sent)) return sent
  return {
    sent: true,
    until: sent.expiresAt,
    says: { en: 'A code for this one row is on its way to her.', my: 'ဤအတန်းတစ်ခုအတွက် ကုဒ်ကို ပို့လိုက်ပါပြီ။' },
  }
}

/** Shows the number of one row when the code is right; a wrong code says so and nothing else. */
export async function answerForRow(room: CareRoom, staff: StaffFacts, id: string, row: string, code: string) {
  const found = await shownRow(room, staff, id, row)
  if (isRefusal(found)) return found
  const { loaded } = found
  const { rules } = await policyOf(room, loaded.contact)
  const checked = await commitWith(room.db, room.ledger, (trx) =>
    room.customers.checkCode(trx, loaded.subscriber, {
      purpose: 'unmask-row',
      bindTo: bindingOf(loaded, row),
      code,
    }),
  )
  if (isRefusal(checked)) {
    if (checked.code !== 'code-wrong') return checked
    return {
      passed: false,
      row,
      number: null,
      triesLeft: rules.code.tries - 1,
      says: { en: 'That did not pass.', my: 'မမှန်ကန်ပါ။' },
      grant: await grantView(room, loaded),
    }
  }
  const number = await openOne(room, loaded, row, found.row)
  room.looks.forget((other) => other.look.id === id)
  const after = (await loadLook(room, room.db, id)) ?? loaded
  return {
    passed: true,
    row,
    number,
    triesLeft: 0,
    says: { en: 'Shown with her code. She will be told.', my: 'သူ့ကုဒ်ဖြင့် ပြထားပါသည်။ သူ့ကို အသိပေးပါမည်။' },
    grant: await grantView(room, after),
  }
}

async function openOne(
  room: CareRoom,
  loaded: LoadedLook,
  row: string,
  found: OrderedRow,
): Promise<string | null> {
  const { look, contact } = loaded
  const at = room.clock.now()
  const reveal = await room.ledger.record(
    lookEntry('unmask', contact, look, at, { row }, { opening: openingOfRows(look, FIELDS, [found]) }),
  )
  const [opened] = await room.vault.open<string | null>(await room.ledger.receiptFor(reveal), {
    other: ({ other }) => inFull(other),
  })
  const number = opened?.other ?? null
  const rendering = sealRendering(room, look.id, JSON.stringify({ name: found.name, number }))
  await commitWith(room.db, room.ledger, async (trx, append) => {
    const entry = await append(
      lookEntry('disclosure', contact, look, at, {
        of: 'unmask',
        reveal,
        fields: [...FIELDS],
        rowsShown: 1,
        rowsShownInLook: look.rowsShown,
        rowsTotal: look.rowsTotal ?? 0,
        rows:
          opened?.start === undefined
            ? []
            : [{ ...rowPlace(opened.start, room.offsetMinutes), chargeMilli: opened.chargeMilli ?? null }],
        rendering: rendering.commitment,
      }),
    )
    await insertRendering(trx, { entry, look: look.id, at, sealed: rendering.sealed })
    await countShown(trx, look.id, 'unmasked')
  })
  return number
}

/** The row, if this look shows it and may still show one in full. */
async function shownRow(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  row: string,
): Promise<{ loaded: LoadedLook; row: OrderedRow } | Refusal> {
  const loaded = await openDoor(room, staff, id, 'unmask', 'unmask-row')
  if (isRefusal(loaded)) return loaded
  const { rules } = await policyOf(room, loaded.contact)
  const used = decideUnmask(loaded.look.unmasked, rules.limits)
  if (used !== null) return used
  const found = await rowOf(room, loaded.look, loaded.contact, row)
  if (found === null)
    return refuse('row-not-shown', 'This look does not show that row.', 'Open its page first.')
  return found.party === null
    ? refuse('row-has-no-number', 'That row has no number to show.', 'Pick another row.')
    : { loaded, row: found }
}

function bindingOf({ look }: LoadedLook, row: string): string {
  return `${look.id}:${row}`
}

function inFull(other: OtherParty): string | null {
  switch (other.kind) {
    case 'number':
      return formatNumber(other.number)
    case 'short-code':
      return other.code
    case 'name':
      return other.name
    default:
      return null
  }
}
