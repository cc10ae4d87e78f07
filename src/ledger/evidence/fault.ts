import { CodedError } from '../../platform/coded-error.ts'
import type { Words } from '../../platform/words.ts'

/** Everything that can be wrong with a bundle; `words` below says each to a person. */
export type FaultCode =
  | 'archive-damaged'
  | 'archive-too-large'
  | 'container-changed'
  | 'file-missing'
  | 'file-unlisted'
  | 'file-changed'
  | 'manifest-malformed'
  | 'other-key'
  | 'checkpoint-wrong'
  | 'checkpoint-other'
  | 'cosignature-wrong'
  | 'seal-wrong'
  | 'proof-wrong'
  | 'text-wrong'
  | 'shown-wrong'
  | 'shown-page-wrong'
  | 'allowance-wrong'
  | 'allowance-key-other'

/** Something that does not hold: which file, where in it or in the zip, and what the check itself said. */
export interface Fault {
  readonly code: FaultCode
  readonly path?: string
  readonly at?: number
  readonly detail?: string
}

const OWN_CODES: readonly string[] = [
  'file-missing',
  'file-changed',
  'manifest-malformed',
  'checkpoint-other',
  'cosignature-wrong',
  'seal-wrong',
  'text-wrong',
  'shown-wrong',
  'shown-page-wrong',
  'allowance-key-other',
]

/** Bytes as the text they are. @throws CodedError `file-changed` when they are not UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new CodedError<FaultCode>('file-changed', 'not UTF-8', { cause })
  }
}

/** The fault that an error while reading `path` comes to. An error that is not the evidence's is thrown on. */
export function faultOf(error: unknown, path: string): Fault {
  if (!(error instanceof CodedError)) throw error
  const { code } = error as CodedError<string>
  if (code.startsWith('allowance-') && !OWN_CODES.includes(code))
    return { code: 'allowance-wrong', path, detail: code }
  if (OWN_CODES.includes(code)) return { code: code as FaultCode, path }
  return { code: codeOfPath(path), path, detail: code }
}

function codeOfPath(path: string): FaultCode {
  if (path === 'seal.json') return 'seal-wrong'
  if (path.startsWith('log/')) return 'checkpoint-wrong'
  if (path.endsWith('.tlog-proof')) return 'proof-wrong'
  return 'text-wrong'
}

const WORDS: Record<FaultCode, Words> = {
  'archive-damaged': {
    en: 'This is not an evidence bundle, or it is damaged so far that its files cannot be read.',
    my: 'ဤဖိုင်သည် သက်သေအထုပ် မဟုတ်ပါ၊ သို့မဟုတ် ဖိုင်များကို မဖတ်နိုင်လောက်အောင် ပျက်စီးနေပါသည်။',
  },
  'archive-too-large': {
    en: 'This file is too large to be an evidence bundle.',
    my: 'ဤဖိုင်သည် သက်သေအထုပ်အတွက် ကြီးလွန်းပါသည်။',
  },
  'container-changed': {
    en: 'The zip file itself was changed: it holds something beside its files, or was packed anew.',
    my: 'ဇစ်ဖိုင်ကိုယ်တိုင် ပြောင်းလဲခံထားရပါသည်- ဖိုင်များအပြင် အခြားအရာ ပါနေသည် သို့မဟုတ် ပြန်ထုပ်ထားသည်။',
  },
  'file-missing': { en: 'A file is missing.', my: 'ဖိုင်တစ်ခု ပျောက်နေပါသည်။' },
  'file-unlisted': {
    en: 'There is a file that the list of contents does not name.',
    my: 'မာတိကာတွင် မပါသော ဖိုင်တစ်ခု ပါနေပါသည်။',
  },
  'file-changed': {
    en: 'A file was changed after the bundle was made.',
    my: 'အထုပ်ပြုလုပ်ပြီးနောက် ဖိုင်တစ်ခု ပြောင်းလဲခံထားရပါသည်။',
  },
  'manifest-malformed': {
    en: 'A file does not have the form it must have.',
    my: 'ဖိုင်တစ်ခုသည် ရှိရမည့် ပုံစံ မရှိပါ။',
  },
  'other-key': {
    en: 'The bundle names another key than the one you entered: it is not from this log.',
    my: 'အထုပ်တွင်ပါသော ကီးသည် သင်ထည့်သော ကီးနှင့် မတူပါ- ဤမှတ်တမ်းမှ မဟုတ်ပါ။',
  },
  'checkpoint-wrong': {
    en: 'The signature of the log does not hold.',
    my: 'မှတ်တမ်း၏ လက်မှတ် မမှန်ပါ။',
  },
  'cosignature-wrong': {
    en: 'The signature of a witness that the policy names does not hold: it was changed, or is not of this state of the log.',
    my: 'မူဝါဒတွင်ပါသော သက်သေတစ်ဦး၏ လက်မှတ် မမှန်ပါ- ပြောင်းလဲခံထားရသည် သို့မဟုတ် ဤအခြေအနေအတွက် မဟုတ်ပါ။',
  },
  'checkpoint-other': {
    en: 'The signed state is not the one that this bundle was made from.',
    my: 'လက်မှတ်ထိုးထားသော အခြေအနေသည် ဤအထုပ်ကို ပြုလုပ်ခဲ့သည့် အခြေအနေ မဟုတ်ပါ။',
  },
  'seal-wrong': {
    en: 'The log does not vouch for this list of contents: the bundle was put together or changed by somebody else.',
    my: 'ဤမာတိကာကို မှတ်တမ်းက အာမမခံပါ- အခြားသူတစ်ဦးက ပြုလုပ် သို့မဟုတ် ပြောင်းလဲထားသည်။',
  },
  'proof-wrong': {
    en: 'The proof that this entry stands in the signed log does not hold.',
    my: 'ဤမှတ်တမ်းသည် လက်မှတ်ထိုးထားသော မှတ်တမ်းစာအုပ်တွင် ပါကြောင်း သက်သေ မမှန်ပါ။',
  },
  'text-wrong': {
    en: 'A text of this entry is not the one that the log committed to.',
    my: 'ဤမှတ်တမ်း၏ စာသားသည် မှတ်တမ်းစာအုပ်က ကတိပြုထားသော စာသား မဟုတ်ပါ။',
  },
  'shown-wrong': {
    en: 'What is said to have been shown is not what the log committed to.',
    my: 'ပြသခဲ့သည်ဟု ဆိုသောအရာသည် မှတ်တမ်းစာအုပ်က ကတိပြုထားသောအရာ မဟုတ်ပါ။',
  },
  'shown-page-wrong': {
    en: 'The page that shows it does not say the same as the exact text.',
    my: 'ပြသသော စာမျက်နှာသည် မူရင်းစာသားနှင့် မတူပါ။',
  },
  'allowance-wrong': {
    en: 'The customer’s own key did not allow exactly this.',
    my: 'ဖောက်သည်၏ ကိုယ်ပိုင်သော့က ဤအတိုင်း အတိအကျ ခွင့်ပြုခဲ့ခြင်း မဟုတ်ပါ။',
  },
  'allowance-key-other': {
    en: 'The key that allowed this is not the one that the entry named there made hers.',
    my: 'ဤအရာကို ခွင့်ပြုသောသော့သည် ဖော်ပြထားသော မှတ်တမ်းက ဖောက်သည်၏သော့ဟု သတ်မှတ်ခဲ့သော သော့ မဟုတ်ပါ။',
  },
}

/** One sentence for a person. */
export function faultWords({ code }: Fault): Words {
  return WORDS[code]
}

/** Where it is: the file, or the byte of the zip. Empty when no place can be named. */
export function faultPlace({ path, at }: Fault): string {
  const byte = at === undefined ? '' : `byte ${at}`
  return [byte, path ?? ''].filter((part) => part !== '').join(', ')
}
