import type { Rules } from '../api/rules.ts'
import { useLanguage, type WordKey } from '../language.ts'

export type RuleValue = number | boolean

/** A version's rules as `photoId.shopDevice`, value. */
export function listRules(rules: Rules): [name: string, value: RuleValue][] {
  return Object.entries(rules).flatMap(([name, value]) =>
    typeof value === 'object'
      ? Object.entries(value).map(([inner, v]): [string, RuleValue] => [`${name}.${inner}`, v])
      : [[name, value] as [string, RuleValue]],
  )
}

interface RuleTableProps {
  rules: Rules
  /** The version before: what differs from it is said. */
  before: Rules | null
  onlyChanged?: boolean
}

/** One version of how callers are verified, each rule in words; changes against the one before are marked. */
export function RuleTable({ rules, before, onlyChanged = false }: RuleTableProps) {
  const { say } = useLanguage()
  const old = new Map(before === null ? [] : listRules(before))
  const shown = (value: RuleValue) =>
    typeof value === 'boolean' ? say(value ? 'rule.yes' : 'rule.no') : String(value)
  return (
    <dl className="facts rules">
      {listRules(rules)
        .filter(([name, value]) => !onlyChanged || old.get(name) !== value)
        .map(([name, value]) => {
          const was = old.get(name)
          const changed = was !== undefined && was !== value
          return (
            <div className="fact" key={name}>
              <dt>{say(`rule.${name}` as WordKey)}</dt>
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
