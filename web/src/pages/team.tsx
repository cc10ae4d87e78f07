import { Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Approval, type BrokenGlass, care } from '../api/care.ts'
import { useEvents } from '../events.tsx'
import { formatClock, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useOffice } from '../ui/office.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'
import { ContactList, word } from './contact-list.tsx'

/** The supervisor's page: that people work, what waits for a second word, broken glass. Nothing private. */
export function Team() {
  const { say } = useLanguage()
  const client = useQueryClient()
  const team = useQuery({ queryKey: ['team'], queryFn: care.team, refetchInterval: 15_000 })
  useEvents((name) => {
    if (name === 'contact-changed' || name === 'notice' || name === 'resync')
      void client.invalidateQueries({ queryKey: ['team'] })
  })
  const lead = team.data
    ? say('team.lead', { looks: team.data.looksToday, refusals: team.data.refusalsToday })
    : ''
  return (
    <Page title={say('team.title')} lead={lead}>
      <Answer query={team}>
        {(data) => (
          <>
            <section>
              <h2>{say('team.approvals')}</h2>
              {data.approvals.length === 0 ? (
                <Empty says={say('team.noApprovals')} />
              ) : (
                <ul className="list">
                  {data.approvals.map((approval) => (
                    <Decide key={approval.id} approval={approval} />
                  ))}
                </ul>
              )}
            </section>
            <section>
              <h2>{say('team.glass')}</h2>
              {data.brokenGlass.length === 0 ? (
                <Empty says={say('team.noGlass')} />
              ) : (
                <ul className="list">
                  {data.brokenGlass.map((glass) => (
                    <Glass key={glass.id} glass={glass} />
                  ))}
                </ul>
              )}
            </section>
            <section>
              <h2>{say('team.live')}</h2>
              <ContactList lines={data.live} empty={say('team.noneLive')} linked={false} desks />
            </section>
          </>
        )}
      </Answer>
    </Page>
  )
}

function Decide({ approval }: { approval: Approval }) {
  const { say, pick } = useLanguage()
  const office = useOffice()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const decide = useMutation({
    mutationFn: (approve: boolean) => care.decide(approval.id, { approve, reason: reason.trim() }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['team'] }),
  })
  const why = approval.why ? pick(approval.why) : reason.trim() === '' ? say('team.reasonMissing') : null
  return (
    <li className="stack">
      <div>
        <p>
          <b>{say(`approval.${approval.kind}`)}</b>{' '}
          <span className="small">
            {say('team.asked', { desk: approval.askedBy, office: office(approval.office) })} ·{' '}
            {formatClock(approval.at)} · {say('team.until', { until: formatClock(approval.until) })}
          </span>
        </p>
        <p>{pick(approval.says)}</p>
      </div>
      {approval.why ? null : (
        <Textarea
          label={say('team.reason')}
          value={reason}
          maxLength={1000}
          autosize
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <div className="line">
        <Act busy={decide.isPending} why={why} onClick={() => decide.mutate(true)}>
          {say('team.approve')}
        </Act>
        {approval.why ? null : (
          <Act tone="stop" busy={decide.isPending} why={why} onClick={() => decide.mutate(false)}>
            {say('team.deny')}
          </Act>
        )}
      </div>
      {decide.isError ? <Trouble error={decide.error} /> : null}
    </li>
  )
}

function Glass({ glass }: { glass: BrokenGlass }) {
  const { say, language } = useLanguage()
  const office = useOffice()
  const may = useMay()
  const client = useQueryClient()
  const [note, setNote] = useState('')
  const review = useMutation({
    mutationFn: (finding: 'justified' | 'not-justified') =>
      care.review(glass.id, { finding, note: note.trim() }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['team'] }),
  })
  const why = note.trim() === '' ? say('team.reasonMissing') : null
  const late = glass.state === 'overdue'
  return (
    <li className="stack">
      <p className="line">
        <b>
          {glass.deskName} · {office(glass.office)}
        </b>
        <span className="small">{formatInstant(glass.at, language)}</span>
        <span className={`tag ${late ? 'stop' : ''}`}>{word(say, 'glass', glass.state)}</span>
        {glass.finding ? (
          <span className="tag">
            {glass.finding === 'justified' ? say('team.justified') : say('team.unjustified')}
          </span>
        ) : null}
      </p>
      <dl className="facts">
        <dt>{say('team.glassReason')}</dt>
        <dd>{glass.reason}</dd>
        <dt>{say('team.glassJustification')}</dt>
        <dd>
          {glass.justification ??
            say('team.notJustified', { until: formatInstant(glass.justifyUntil, language) })}
        </dd>
      </dl>
      {glass.state === 'to-review' && may('review-break-glass') ? (
        <>
          <Textarea
            label={say('team.review')}
            value={note}
            maxLength={4000}
            autosize
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <div className="line">
            <Act busy={review.isPending} why={why} onClick={() => review.mutate('justified')}>
              {say('team.justified')}
            </Act>
            <Act tone="stop" busy={review.isPending} why={why} onClick={() => review.mutate('not-justified')}>
              {say('team.unjustified')}
            </Act>
          </div>
          {review.isError ? <Trouble error={review.error} /> : null}
        </>
      ) : null}
    </li>
  )
}
