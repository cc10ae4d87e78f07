import { ruleWords, valueWords } from '../../../src/staff/rule-words.ts'
import type { Rules } from '../api/rules.ts'
import { useLanguage } from '../language.ts'

export type RuleValue = number | boolean | null

/** A version's rules as `photoId.shopDevice`, value; what is withheld as `withheld.ROLE/ACTION`, true. */
export function listRules(rules: Rules): [name: string, value: RuleValue][] {
  return Object.entries(rules).flatMap(([name, value]): [string, RuleValue][] => {
    if (Array.isArray(value)) return value.map((one) => [`${name}.${one}`, true])
    return typeof value === 'object'
      ? Object.entries(value).map(([inner, v]): [string, RuleValue] => [`${name}.${inner}`, v])
      : [[name, value]]
  })
}

interface RuleTableProps {
  rules: Rules
  /** The version before: what differs from it is said. */
  before: Rules | null
  onlyChanged?: boolean
}

/** One version of how callers are verified, each rule in words; changes against the one before are marked. */
export function RuleTable({ rules, before, onlyChanged = false }: RuleTableProps) {
  const { say, pick } = useLanguage()
  const old = new Map(before === null ? [] : listRules(before))
  const shown = (value: RuleValue) => pick(valueWords(value))
  const now = new Map(listRules(rules))
  const givenBack = [...old.keys()]
    .filter((name) => !now.has(name))
    .map((name): [string, RuleValue] => [name, false])
  return (
    <dl className="facts rules">
      {[...now, ...givenBack]
        .filter(([name, value]) => !onlyChanged || old.get(name) !== value)
        .map(([name, value]) => {
          const was = old.get(name) ?? (name.startsWith('withheld.') ? false : undefined)
          const changed = before !== null && was !== undefined && was !== value
          return (
            <div className="fact" key={name}>
              <dt>{pick(ruleWords(name))}</dt>
              <dd>
                {changed ? <b>{shown(value)}</b> : shown(value)}
                {changed ? (
                  <span className="small"> ({say('rule.changed', { before: shown(was) })})</span>
                ) : null}
              </dd>
            </div>
          )
        })}
    </dl>
  )
}
