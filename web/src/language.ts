import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { Language, Words } from '../../src/platform/words.ts'
import { aftermathWords } from './words/aftermath.ts'
import { careWords } from './words/care.ts'
import { casePeopleWords } from './words/case-people.ts'
import { contactWords } from './words/contact.ts'
import { courtWords } from './words/court.ts'
import { deskWords } from './words/desks.ts'
import { employmentWords } from './words/employment.ts'
import { erasureWords } from './words/erasure.ts'
import { frameWords } from './words/frame.ts'
import { incidentWords } from './words/incident.ts'
import { intakeWords } from './words/intake.ts'
import { lawfulWords } from './words/lawful.ts'
import { pathWords } from './words/path.ts'
import { peopleWords } from './words/people.ts'
import { traceWords } from './words/trace.ts'
import { watchWords } from './words/watch.ts'

const all = {
  ...frameWords,
  ...careWords,
  ...casePeopleWords,
  ...contactWords,
  ...courtWords,
  ...deskWords,
  ...employmentWords,
  ...erasureWords,
  ...incidentWords,
  ...intakeWords,
  ...lawfulWords,
  ...pathWords,
  ...aftermathWords,
  ...peopleWords,
  ...traceWords,
  ...watchWords,
}

/** Every sentence of the console by its key; both languages stand side by side in `words/`. */
export type WordKey = keyof typeof all
/** Says a sentence in the reader's language. */
export type Say = (key: WordKey, values?: Record<string, string | number>) => string

const KEPT = 'countersign.language'

const column = (index: 0 | 1): Record<string, string> =>
  Object.fromEntries(Object.entries(all).map(([key, pair]) => [key, pair[index]]))

/** Starts the two languages; the choice is kept in this browser, the first guess is the browser's own. */
export async function startLanguage(): Promise<void> {
  const kept = localStorage.getItem(KEPT)
  const first: Language = (kept ?? navigator.language).startsWith('my') ? 'my' : 'en'
  await i18next.use(initReactI18next).init({
    lng: first,
    fallbackLng: 'en',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: { en: { translation: column(0) }, my: { translation: column(1) } },
  })
  document.documentElement.lang = first
}

/** The reader's language, the sentences in it, and the switch to the other. */
export function useLanguage(): {
  language: Language
  say: Say
  pick: (words: Words) => string
  setLanguage: (language: Language) => void
} {
  const { t, i18n } = useTranslation()
  const language: Language = i18n.language === 'my' ? 'my' : 'en'
  return {
    language,
    say: (key, values) => t(key, { ...values }),
    pick: (words) => words[language],
    setLanguage: (next) => {
      localStorage.setItem(KEPT, next)
      document.documentElement.lang = next
      void i18n.changeLanguage(next)
    },
  }
}
