import type { Statements, StatementText } from '../api/court.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { word } from './contact-list.tsx'

/** What a fact rests on, as a form's choice and as words. */
export type Ground = StatementText['facts'][number]['ground']

/** Names a ground: an entry, how the house is built, or what was counted. */
export function groundKey(ground: Ground): string {
  if ('house' in ground) return ground.house
  return 'zero' in ground ? `zero:${ground.zero.what}` : String(ground.entry)
}

/** Says a ground in the reader's language. */
export function useGroundWords(grounds: Statements['grounds']): (ground: Ground) => string {
  const { say, language } = useLanguage()
  return (ground) => {
    if ('house' in ground) return say(`statement.ground.${ground.house}`)
    if ('zero' in ground) {
      const { what, since, until } = ground.zero
      return say('statement.ground.zero', {
        ...{ what: say(`statement.zero.${what}`) },
        ...{ since: formatInstant(since, language), until: formatInstant(until, language) },
      })
    }
    const found = grounds.find(({ entry }) => entry === ground.entry)
    const act =
      found?.act === 'trace' ? say('statement.act.trace') : word(say, 'incident.act', found?.act ?? '')
    return say('statement.ground.entry', { entry: ground.entry, act, what: found?.what ?? '' }).trim()
  }
}
