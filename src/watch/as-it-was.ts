import type { JsonObject, StoredEntry } from '../ledger/entry.ts'
import type { Words } from '../platform/words.ts'
import type { AlertCardData } from './schemas.ts'

/** The look as it was, told from its entries: what was asked, opened and shown, in order. Never which digits. */
export function tellLook(
  entries: readonly StoredEntry[],
  grant: string,
  contact: string | null,
): AlertCardData['asItWas'] {
  return entries
    .filter(
      ({ body }) => body !== null && (body.grant === grant || (contact !== null && body.contact === contact)),
    )
    .flatMap((entry) => {
      const says = wordsOf(entry.kind, entry.body!)
      return says === null ? [] : [{ at: entry.at, index: entry.index, says }]
    })
    .sort((a, b) => a.index - b.index)
}

function wordsOf(kind: string, body: JsonObject): Words | null {
  switch (kind) {
    case 'contact-opened':
      return body.confirmedByTelephony === true
        ? { en: 'Contact opened; the telephone exchange names this call', my: 'ဆက်သွယ်မှု ဖွင့်သည်၊ ဖုန်းစနစ်က အတည်ပြုသည်' }
        : {
            en: `Contact opened (${String(body.channel)}); nothing but their word says so`,
            my: 'ဆက်သွယ်မှု ဖွင့်သည်၊ ကိုယ့်စကားသာ အထောက်အထား',
          }
    case 'contact-verified':
      return {
        en: `${body.passed === true ? 'Passed' : 'Not passed'}: ${String(body.factor)}${body.factor === 'photo-id' && body.second === undefined ? ', on one clerk’s word' : ''}`,
        my: `${body.passed === true ? 'အောင်သည်' : 'မအောင်ပါ'} - ${String(body.factor)}`,
      }
    case 'grant':
      return {
        en: `Asked for ${String(body.month)}, ${String(body.purpose)}: "${String(body.note)}"`,
        my: `${String(body.month)} အတွက် တောင်းသည် - "${String(body.note)}"`,
      }
    case 'disclosure':
      return {
        en: `Shown: ${String(body.of)}, ${Number(body.rowsShown)} rows (${Number(body.rowsShownInLook)} of ${Number(body.rowsTotal)} so far)`,
        my: `ပြသည် - ${String(body.of)}၊ အတန်း ${Number(body.rowsShown)} (${Number(body.rowsTotal)} အနက် ${Number(body.rowsShownInLook)})`,
      }
    case 'grant-ended':
      return { en: `Ended: ${String(body.reason)}`, my: `ပြီးဆုံးသည် - ${String(body.reason)}` }
    case 'contact-closed':
      return {
        en: `Contact closed, ${String(body.resolution ?? 'no resolution')}: "${String(body.note)}"`,
        my: `ဆက်သွယ်မှု ပိတ်သည် - "${String(body.note)}"`,
      }
    case 'report-filed':
      return {
        en: `The customer: not for me. "${String(body.says)}"`,
        my: `ဖောက်သည် - ကျွန်ုပ်အတွက် မဟုတ်ပါ။ "${String(body.says)}"`,
      }
    case 'look-acknowledged':
      return { en: 'The customer: that was for me', my: 'ဖောက်သည် - ကျွန်ုပ်အတွက် ဖြစ်သည်' }
    case 'watch-justified':
      return { en: `The looker: "${String(body.says)}"`, my: `ကြည့်သူ - "${String(body.says)}"` }
    default:
      return null
  }
}
