import { Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type AlertCard, type Verdict, watch } from '../api/watch.ts'
import { formatInstant, formatMonth } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Trouble } from '../ui/state.tsx'

/** The inside of a card: three reasons, what speaks for the person, the look as it was, the pair, verdicts. */
export function AlertCardParts({ card }: { card: AlertCard }) {
  const { say, pick, language } = useLanguage()
  return (
    <>
      <dl className="why-list">
        {card.reasons.map((reason) => (
          <div key={reason.sign}>
            <dt>{pick(reason.measure)}</dt>
            <dd>{pick(reason.says)}</dd>
          </div>
        ))}
        <div>
          <dt className="proven">{say('watch.speaksFor')}</dt>
          <dd>{pick(card.speaksFor)}</dd>
        </div>
      </dl>
      <p className="small">{say('watch.peers', { peers: pick(card.peers), customer: card.customer })}</p>
      <Judge card={card} />
      <details>
        <summary>{say('watch.asItWas')}</summary>
        <ol className="as-it-was">
          {card.asItWas.map((step) => (
            <li key={step.index}>
              <span className="small">{formatInstant(step.at, language)}</span> {pick(step.says)}{' '}
              <Link to="/ledger/$index" params={{ index: String(step.index) }} className="small">
                {say('ledger.entry', { index: step.index })}
              </Link>
            </li>
          ))}
        </ol>
      </details>
      <details>
        <summary>{say('watch.pair', { count: card.pair.length })}</summary>
        <ul className="as-it-was">
          {card.pair.map((look) => (
            <li key={look.look}>
              {say('watch.pairLine', {
                at: formatInstant(look.at, language),
                month: formatMonth(look.month, language),
                level: say(LEVELS[look.level] ?? 'watch.level.0'),
              })}
              {look.rows === null ? null : ` · ${say('watch.rows', { count: look.rows })}`}
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}

const LEVELS = ['watch.level.0', 'watch.level.1', 'watch.level.2', 'watch.level.3'] as const
const VERDICTS = ['incident', 'fine', 'coaching'] as const

function Judge({ card }: { card: AlertCard }) {
  const { say, pick } = useLanguage()
  const may = useMay()
  const client = useQueryClient()
  const [asked, setAsked] = useState<Verdict | null>(null)
  const [says, setSays] = useState('')
  const judge = useMutation({
    mutationFn: (verdict: Verdict) => watch.judge(card.id, verdict, says.trim()),
    onSuccess: () => {
      setAsked(null)
      void client.invalidateQueries({ queryKey: ['watch'] })
    },
  })
  if (!may('judge-alert')) return null
  if (judge.isSuccess)
    return (
      <p className="proven" role="status">
        {judge.data.state === 'proposed'
          ? say('watch.waits')
          : say('watch.settled', { verdict: say(`watch.verdict.${judge.variables}`) })}
      </p>
    )
  const blocked = card.blocked === null ? null : pick(card.blocked)
  return (
    <>
      {card.proposed === null ? null : (
        <p>
          {say('watch.proposed', { verdict: say(`watch.verdict.${card.proposed}`) })}
          {card.proposedSays === null ? null : `: “${card.proposedSays}”`}
        </p>
      )}
      <div className="line">
        {VERDICTS.map((verdict) => (
          <Act
            key={verdict}
            {...(verdict === 'incident' ? { tone: 'main' as const } : {})}
            why={verdict === 'incident' ? blocked : null}
            onClick={() => blocked === null && setAsked(verdict)}
          >
            {say(`watch.${verdict}`)}
          </Act>
        ))}
      </div>
      <Dialog
        title={asked === null ? '' : say(`watch.${asked}`)}
        open={asked !== null}
        onClose={() => setAsked(null)}
        onSubmit={() => asked !== null && judge.mutate(asked)}
        act={asked === null ? '' : say(`watch.${asked}`)}
        why={says.trim().length < 3 ? say('watch.becauseMissing') : null}
        busy={judge.isPending}
      >
        <p>{asked === null ? '' : say(`watch.does.${asked}`, { desk: card.deskName })}</p>
        {card.supervisor ? <p>{say('watch.does.two')}</p> : null}
        <Textarea
          label={say('watch.because')}
          value={says}
          maxLength={2000}
          autosize
          minRows={2}
          onChange={(event) => setSays(event.currentTarget.value)}
        />
        {judge.isError ? <Trouble error={judge.error} /> : null}
      </Dialog>
    </>
  )
}
