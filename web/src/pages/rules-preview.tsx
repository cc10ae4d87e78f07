import { ruleWords } from '../../../src/staff/rule-words.ts'
import type { Preview } from '../api/rules.ts'
import { formatInstant } from '../format.ts'
import { useLanguage, type WordKey } from '../language.ts'

/** What a change would have done to the last 30 days, as its approvers see it: counts, reasons, the newest cases. */
export function RulesPreview({ preview }: { preview: Preview }) {
  const { say, pick, language } = useLanguage()
  const window = {
    from: formatInstant(preview.from, language),
    until: formatInstant(preview.until, language),
  }
  const words = (act: string) => say(`act.${act}` as WordKey)
  return (
    <section className="stack" aria-label={say('preview.title')}>
      <h4>{say('preview.title')}</h4>
      <p>
        {say('preview.says', {
          refuse: preview.wouldRefuse,
          allow: preview.wouldAllow,
          decisions: preview.decisions,
          looks: preview.looksRefused,
        })}
      </p>
      <p className="small">{say('preview.window', window)}</p>
      {preview.reasons.length > 0 ? (
        <table>
          <thead>
            <tr>
              <th scope="col">{say('preview.act')}</th>
              <th scope="col">{say('preview.why')}</th>
              <th scope="col">{say('preview.count')}</th>
            </tr>
          </thead>
          <tbody>
            {preview.reasons.map(({ effect, act, code, says, count }) => (
              <tr key={`${effect} ${act} ${code}`}>
                <th scope="row">
                  {words(act)}: {say(`preview.${effect}`)}
                </th>
                <td>{says}</td>
                <td>{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {preview.cases.length > 0 ? (
        <details>
          <summary>{say('preview.cases')}</summary>
          <ul className="list">
            {preview.cases.map(({ at, deskName, act, effect, code }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes, of lines that may be equal
              <li key={place} className="small">
                {formatInstant(at, language)} · {deskName} · {words(act)} · {say(`preview.${effect}`)} ({code}
                )
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {preview.cannotTell > 0 ? (
        <p className="small">{say('preview.cannotTell', { count: preview.cannotTell })}</p>
      ) : null}
      {preview.notReplayed.length > 0 ? (
        <p className="small">
          {say('preview.notReplayed', {
            rules: preview.notReplayed.map((rule) => pick(ruleWords(rule))).join('; '),
          })}
        </p>
      ) : null}
      {preview.monthsEnding.length > 0 ? (
        <p>
          <b>{say('preview.monthsEnding', { months: preview.monthsEnding.join(', ') })}</b>
        </p>
      ) : null}
      {preview.cut ? <p className="small">{say('preview.cut')}</p> : null}
    </section>
  )
}
