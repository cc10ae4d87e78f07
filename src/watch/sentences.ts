import type { Words } from '../platform/words.ts'
import type { Scored } from './engine.ts'
import { SIGNS, type SignName } from './rules.ts'

/**
 * What a card says: never a bare number, always how usual a thing is and among whom. Three reasons, and the strongest
 * fact that speaks for the person.
 */
export interface Reason {
  readonly sign: SignName
  /** How rare, in a few words: `1 in 240`, `48 rows`. */
  readonly measure: Words
  readonly says: Words
}

const HOUR_MS = 3_600_000

/** The three signs that surprise most, as sentences with their base rates. */
export function reasonsOf(scored: Scored): Reason[] {
  return scored.raised
    .filter(({ surprise }) => surprise > 0.2)
    .sort((a, b) => b.surprise - a.surprise)
    .slice(0, 3)
    .map((raised) => {
      const sign = SIGNS[raised.sign]!.name
      const value = scored.signs[raised.sign] ?? 0
      return {
        sign,
        measure: measureOf(sign, value, raised),
        says: SAYS[sign](value, raised, peersOf(scored)),
      }
    })
}

/** The strongest fact that speaks for the person; there is always one thing that can be said. */
export function speaksFor(scored: Scored): Words {
  const { later, access, speaks } = scored
  const { looks, explained, denied, contactAgo } = speaks
  if (later.acknowledged)
    return {
      en: 'The customer says that the look was for her.',
      my: 'ဖောက်သည်က မိမိအတွက် ကြည့်ခြင်းဖြစ်ကြောင်း ပြောသည်။',
    }
  if (scored.level >= 2)
    return {
      en: 'The customer, or somebody of her account, was in contact within 72 hours.',
      my: '၇၂ နာရီအတွင်း ဖောက်သည် သို့မဟုတ် သူ၏အကောင့်မှ တစ်ဦးက ဆက်သွယ်ခဲ့သည်။',
    }
  if (contactAgo !== null)
    return {
      en: `The customer was in contact with this company ${hours(contactAgo)} before; ${record(explained, looks)}.`,
      my: `ဖောက်သည်သည် ${Math.max(1, Math.round(contactAgo / HOUR_MS))} နာရီ အလိုတွင် ဆက်သွယ်ခဲ့သည်။`,
    }
  if (later.justified)
    return {
      en: 'They said the same evening what it was for, unasked by anybody else.',
      my: 'ထိုညနေတွင်ပင် အကြောင်းရင်းကို ကိုယ်တိုင် ရှင်းပြခဲ့သည်။',
    }
  if (access.ticket)
    return {
      en: `A ticket is named as its ground; ${record(explained, looks)}.`,
      my: 'တောင်းဆိုလွှာတစ်ခုကို အကြောင်းပြထားသည်။',
    }
  const never = denied === 0 ? ', none denied by a customer' : ''
  return {
    en:
      looks === 0 ? 'This was the first look recorded.' : `Before this, ${record(explained, looks)}${never}.`,
    my: looks === 0 ? 'ပထမဆုံး မှတ်တမ်းဖြစ်သည်။' : `ယခင် ${looks} ကြိမ်အနက် ${explained} ကြိမ် ရှင်းလင်းပြီး ဖြစ်သည်။`,
  }
}

/** How often an honest look of these peers scores as high. */
export function oddsWords(p: number, compared: number): Words {
  if (p * (compared + 1) <= 1.001 && compared < 1_000)
    return {
      en: `highest of ${compared + 1}; too few yet to promise a rate`,
      my: `${compared + 1} ခုတွင် အမြင့်ဆုံး။ နှုန်းပြောရန် နည်းသေးသည်`,
    }
  return { en: `1 in ${rounded(1 / p)}`, my: `${rounded(1 / p)} တွင် ၁` }
}

/** The peers as people say it. */
export function peersOf({ access, peers }: Pick<Scored, 'access' | 'peers'>): Words {
  if (peers === 'everybody' || access.peers === undefined) return { en: 'all staff', my: 'ဝန်ထမ်းအားလုံး' }
  const { kind, role, shift } = access.peers
  const whole = peers.split(' ').length > 2
  return {
    en: `${KINDS[kind]?.en ?? kind} ${ROLES[role]?.en ?? role}${whole ? `, ${SHIFTS[shift]?.en ?? shift}` : ''}`,
    my: `${KINDS[kind]?.my ?? kind} ${ROLES[role]?.my ?? role}${whole ? `၊ ${SHIFTS[shift]?.my ?? shift}` : ''}`,
  }
}

const KINDS: Readonly<Record<string, Words>> = {
  phone: { en: 'telephone', my: 'တယ်လီဖုန်း' },
  shop: { en: 'shop', my: 'ဆိုင်' },
  chat: { en: 'chat', my: 'စာတို' },
}
const ROLES: Readonly<Record<string, Words>> = {
  champion: { en: 'champions', my: 'ဝန်ထမ်းများ' },
  supervisor: { en: 'supervisors', my: 'ကြီးကြပ်ရေးမှူးများ' },
}
const SHIFTS: Readonly<Record<string, Words>> = {
  early: { en: 'early shift', my: 'နံနက်ပိုင်း' },
  late: { en: 'late shift', my: 'ညနေပိုင်း' },
  night: { en: 'night shift', my: 'ညပိုင်း' },
}

/** Of fewer no share is said. */
const FEW_LOOKS = 20

interface Share {
  readonly share: number
  readonly of: number
}
type Say = (value: number, share: Share, peers: Words) => Words

const UNEXPLAINED = { en: 'unexplained looks', my: 'ရှင်းမပြနိုင်သော ကြည့်ရှုမှုများ' }

/** The sentence of each sign. Rates of all but the level are among looks that are explained as well, or as badly. */
const SAYS: Readonly<Record<SignName, Say>> = {
  unexplained: (value, share, peers) =>
    value === 0
      ? both(
          peers,
          share,
          'open a log with no call, visit or ticket of that customer in 72 hours',
          '၇၂ နာရီအတွင်း ဖုန်း၊ လာရောက်မှု၊ တောင်းဆိုလွှာ မရှိဘဲ မှတ်တမ်းဖွင့်ခြင်း',
        )
      : both(
          peers,
          share,
          'rest on a ticket or on their own word alone',
          'တောင်းဆိုလွှာ သို့မဟုတ် ကိုယ့်စကားသာ အထောက်အထားရှိခြင်း',
        ),
  'own-ticket': like(
    'rest on a ticket that the looker made within half an hour before',
    'မကြည့်မီ နာရီဝက်အတွင်း ကိုယ်တိုင်ဖွင့်သော တောင်းဆိုလွှာ',
  ),
  'ticket-after': like('got their ticket only after the look', 'ကြည့်ပြီးမှ ဖွင့်သော တောင်းဆိုလွှာ'),
  'ticket-brief': like('rest on a ticket that was closed within a minute', 'တစ်မိနစ်အတွင်း ပိတ်သော တောင်းဆိုလွှာ'),
  'ticket-alone': like(
    'rest on the looker’s own older ticket, made when they had not heard from that customer',
    'ဖောက်သည်ထံမှ အဆက်အသွယ်မရှိဘဲ ကိုယ်တိုင်ဖွင့်ထားသော တောင်းဆိုလွှာဟောင်း',
  ),
  often: like(
    'come from somebody who looks so often with nothing behind it',
    'အထောက်အထားမရှိဘဲ ဤမျှ မကြာခဏ ကြည့်သူထံမှ ဖြစ်ခြင်း',
  ),
  circle: like('are at a number of the looker’s own circle', 'ကြည့်သူ၏ အသိုင်းအဝိုင်းဝင် နံပါတ်'),
  'own-tie': like('are at somebody who is in touch with the looker’s own line', 'ကြည့်သူ၏ဖုန်းနှင့် အဆက်အသွယ်ရှိသူ'),
  'others-contact': like('happened during another customer’s contact', 'အခြားဖောက်သည် ဆက်သွယ်နေစဉ် ကြည့်ခြင်း'),
  repeat: like('are a return to the same customer as often', 'ဖောက်သည်တစ်ဦးတည်းကို ထပ်ခါထပ်ခါ ကြည့်ခြင်း'),
  'other-office': like(
    'are at a customer whom another office had, and nobody handed her over',
    'အခြားရုံးမှ ဖောက်သည်ကို လွှဲပြောင်းမှုမရှိဘဲ ကြည့်ခြင်း',
  ),
  ring: like('touch as many people who call each other', 'အချင်းချင်း ဖုန်းဆက်သူ အုပ်စုကို ကြည့်ခြင်း'),
  swarm: like(
    'are at a customer at whom as many colleagues looked without her asking',
    'ရုံးတစ်ရုံးတည်းမှ လူများစွာ ကြည့်သော ဖောက်သည်',
  ),
  'off-shift': like('happened outside planned hours', 'သတ်မှတ်ချိန်ပြင်ပ ကြည့်ခြင်း'),
  'off-desk': like('were made at somebody else’s desk', 'အခြားသူ၏ စားပွဲတွင် ကြည့်ခြင်း'),
  rows: like('showed as many rows', 'အတန်း ဤမျှ များခြင်း'),
  beyond: like('went as far beyond the days that were asked about', 'မေးသောနေ့ရက်များထက် ကျော်ကြည့်ခြင်း'),
  unmasked: like('opened as many numbers in full', 'နံပါတ်အပြည့် ဤမျှ ဖွင့်ခြင်း'),
  'no-note': like('ended without a note', 'မှတ်ချက်မရှိခြင်း'),
  'copied-note': like('carry a note copied from an earlier one', 'ယခင်မှတ်ချက်ကို ကူးထားခြင်း'),
  denied: like('were denied by the customer', 'ဖောက်သည်က ငြင်းဆိုခြင်း'),
  flagged: like('are at a customer who is to be guarded', 'အထူးကာကွယ်ရမည့် ဖောက်သည်'),
  complaint: like(
    'came after the customer had complained about the company',
    'ကုမ္ပဏီအား တိုင်ကြားပြီးနောက် ကြည့်ခြင်း',
  ),
  browsing: like('lasted as long and nothing came of them', 'ကြာမြင့်ပြီး ရလဒ်မရှိခြင်း'),
  'match-alone': like('asked whether a number appears, with nobody there', 'မည်သူမျှမရှိဘဲ နံပါတ်ရှိမရှိ မေးခြင်း'),
  glass: like('broke the glass', 'အရေးပေါ်ဖွင့်ခြင်း'),
}

function like(en: string, my: string): Say {
  return (_value, share) => both(UNEXPLAINED, share, en, my)
}

function both(who: Words, { share, of }: Share, en: string, my: string): Words {
  if (of < FEW_LOOKS)
    return { en: `such looks ${en}; too few to say how many do`, my: `${my}။ နှိုင်းယှဉ်ရန် နည်းလွန်းသည်` }
  const rate = rateWords(share)
  return {
    en: `of ${rounded(of)} looks of ${who.en}, ${rate} ${en}`.replace(
      'looks of unexplained looks',
      'unexplained looks',
    ),
    my: `${who.my} ${rounded(of)} ခုအနက် ${rate}: ${my}`,
  }
}

function rateWords(share: number): string {
  return share >= 0.01
    ? `${(share * 100).toFixed(share >= 0.1 ? 0 : 1)}%`
    : `${(share * 1000).toFixed(1)} in 1,000`
}

function measureOf(sign: SignName, value: number, { share, of }: Share): Words {
  if (sign === 'rows') return { en: `${value} rows`, my: `အတန်း ${value}` }
  if (sign === 'beyond') return { en: `${value} rows beyond`, my: `ကျော်လွန် ${value}` }
  if (sign === 'repeat')
    return { en: `look ${Math.round(value) + 1}`, my: `${Math.round(value) + 1} ကြိမ်မြောက်` }
  if (sign === 'unmasked') return { en: `${value} in full`, my: `အပြည့် ${value}` }
  if (sign === 'swarm') return { en: `${value + 1} people`, my: `${value + 1} ဦး` }
  if (of < FEW_LOOKS) return { en: 'few to compare', my: 'နည်းသေးသည်' }
  const one = rounded(1 / share)
  return { en: `1 in ${one}`, my: `${one} တွင် ၁` }
}

function record(explained: number, looks: number): string {
  return `${rounded(explained)} of their ${rounded(looks)} looks were explained by a contact`
}

function hours(ms: number): string {
  const count = Math.max(1, Math.round(ms / HOUR_MS))
  return count === 1 ? 'an hour' : `${count} hours`
}

/** Two digits, with commas: nobody knows more. */
function rounded(value: number): string {
  if (value < 100) return String(Math.round(value))
  const step = 10 ** (Math.floor(Math.log10(value)) - 1)
  return (Math.round(value / step) * step).toLocaleString('en-US')
}
