import type { Subscriber } from '../customers/customers.ts'
import type { Words } from '../platform/words.ts'
import { mayAskKey } from './key-ask-rules.ts'
import { type KeyAsk, readKeyAsksOf } from './key-ask-store.ts'
import { whyNot } from './ladder.ts'
import type { CareRoom } from './parties.ts'
import { clockText, myanmarDigits } from './period.ts'
import { rungOf } from './rules.ts'
import type { OwnKeyViewData } from './schemas.ts'
import type { Contact } from './store.ts'

/** Her own key, as the contact's page shows it. */
export async function ownKeyView(
  room: CareRoom,
  contact: Contact,
  subscriber: Subscriber,
): Promise<OwnKeyViewData> {
  const block = mayAskKey(rungOf(contact.passed)) ?? (await room.customers.ownKeys.block(room.db, subscriber))
  const [newest] = await readKeyAsksOf(room.db, contact.id)
  return {
    available: block === null,
    why: block === null ? null : whyNot(block),
    mayMake: contact.channel === 'shop' && contact.passed.some(({ factor }) => factor === 'photo-id'),
    link: newest === undefined ? null : linkView(newest, room.clock.now(), room.offsetMinutes),
  }
}

function linkView(ask: KeyAsk, now: number, offsetMinutes: number): OwnKeyViewData['link'] {
  const { kind, untilAt: until } = ask
  const state = ask.state === 'withdrawn' || (ask.state === 'waiting' && now >= until) ? 'over' : ask.state
  const time = clockText(until, offsetMinutes).slice(0, 5)
  return { kind, state, until, says: LINK_WORDS[kind][state](time) }
}

const LINK_WORDS = {
  look: {
    waiting: (time: string): Words => ({
      en: `Her phone got a link. She may allow or refuse this look until ${time}.`,
      my: `သူ့ဖုန်းသို့ လင့်ခ် ပို့ထားသည်။ ${myanmarDigits(time)} အထိ ခွင့်ပြုနိုင် သို့မဟုတ် ငြင်းနိုင်သည်။`,
    }),
    allowed: (): Words => ({ en: 'She allowed it with her own key.', my: 'ကိုယ်ပိုင်သော့ဖြင့် ခွင့်ပြုခဲ့သည်။' }),
    refused: (): Words => ({ en: 'She refused it.', my: 'သူ ငြင်းလိုက်ပါပြီ။' }),
    over: (): Words => ({
      en: 'She did not answer in time; the link opens nothing any more.',
      my: 'အချိန်မီ မဖြေသဖြင့် လင့်ခ်ကို မသုံးနိုင်တော့ပါ။',
    }),
  },
  enrol: {
    waiting: (time: string): Words => ({
      en: `Her phone got a link. She may make her key until ${time}.`,
      my: `သူ့ဖုန်းသို့ လင့်ခ် ပို့ထားသည်။ ${myanmarDigits(time)} အထိ သော့ ပြုလုပ်နိုင်သည်။`,
    }),
    allowed: (): Words => ({
      en: 'She made a key of her own. It allows looks after 24 hours.',
      my: 'ကိုယ်ပိုင်သော့ ပြုလုပ်ပြီးပါပြီ။ ၂၄ နာရီကြာမှ အသုံးပြုနိုင်မည်။',
    }),
    refused: (): Words => ({ en: 'She made none.', my: 'သော့ မပြုလုပ်ပါ။' }),
    over: (): Words => ({ en: 'The link has run out.', my: 'လင့်ခ် သက်တမ်းကုန်ပါပြီ။' }),
  },
} as const
