import { refusalInBurmese } from '../../src/care/refusal-words.ts'
import { useLanguage } from './language.ts'

/** What the server says, in the reader's language where it is known in it; `lang` says where it is not. */
export interface Said {
  readonly text: string
  readonly lang: 'en' | undefined
}

/** Gives a refusal's English, or what to do next, in the reader's language. */
export function useSaid(): (english: string) => Said {
  const { language } = useLanguage()
  return (english) => {
    if (language === 'en') return { text: english, lang: undefined }
    const burmese = refusalInBurmese(english)
    return burmese === null ? { text: english, lang: 'en' } : { text: burmese, lang: undefined }
  }
}
