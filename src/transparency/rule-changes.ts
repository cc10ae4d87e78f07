import { escapeHtml } from '../platform/http/page.ts'
import type { Language } from '../platform/words.ts'
import { isYesOrNo, ruleWords, valueWords } from '../staff/rule-words.ts'
import type { RuleVersion } from './figures.ts'
import { fill, W } from './words.ts'

/** The part of the report on the operator's own rules: each version of the period, before and after. */
export function ruleChangesPart(
  versions: readonly RuleVersion[] | undefined,
  language: Language,
  shown: (count: number) => string,
): string {
  if (versions === undefined) return ''
  const say = (words: Parameters<typeof fill>[0], values: Parameters<typeof fill>[2] = {}): string =>
    escapeHtml(fill(words, language, values))
  const value = (rule: string, count: number | null): string =>
    escapeHtml(valueWords(count !== null && isYesOrNo(rule) ? count === 1 : count)[language])
  const tables = versions.map(({ version, day, approvals, decisions, wouldRefuse, wouldAllow, changes }) => {
    const rows = changes.map(
      ({ rule, before, after }) =>
        `<tr><th scope="row">${escapeHtml(ruleWords(rule)[language])}</th><td>${value(rule, before)}</td><td>${value(rule, after)}</td></tr>`,
    )
    const counted = { decisions: shown(decisions), refuse: shown(wouldRefuse), allow: shown(wouldAllow) }
    return `<p>${say(W.rulesSays, { version, day, approvals, ...counted })}</p>
<table><thead><tr><th scope="col">${say(W.rule)}</th><th scope="col">${say(W.before)}</th><th scope="col">${say(W.after)}</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
  })
  return `<section id="rules"><h2>${say(W.rulesTitle)}</h2>${tables.join('')}</section>`
}

/** The same as lines of the CSV: figure, of what, value. */
export function ruleChangesLines(
  versions: readonly RuleVersion[] | undefined,
  shown: (count: number) => string,
): [figure: string, of: string, value: string][] {
  return (versions ?? []).flatMap(({ version, approvals, decisions, wouldRefuse, wouldAllow, changes }) => {
    const line = (figure: string, value: string): [string, string, string] => [
      `ruleChanges.${figure}`,
      `version ${version}`,
      value,
    ]
    return [
      line('approvals', String(approvals)),
      line('decisions', shown(decisions)),
      line('wouldRefuse', shown(wouldRefuse)),
      line('wouldAllow', shown(wouldAllow)),
      ...changes.flatMap(({ rule, before, after }) => [
        line(`before.${rule}`, String(before ?? '')),
        line(`after.${rule}`, String(after ?? '')),
      ]),
    ]
  })
}
