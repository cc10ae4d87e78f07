import { Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { care, type Day as DayData } from '../api/care.ts'
import { formatClock, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useSaid } from '../said.ts'
import { Act } from '../ui/act.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'
import { ContactItem } from './contact-list.tsx'

/** My day: what waits for me, what I did, what was refused, what is recorded about me. */
export function Day() {
  const { say } = useLanguage()
  const day = useQuery({ queryKey: ['day'], queryFn: care.day })
  const recorded = day.data?.recorded
  return (
    <Page
      title={say('day.title')}
      lead={recorded ? say('day.lead', { ...recorded }) : ''}
      aside={<Link to="/me">{say('day.about')}</Link>}
    >
      <Answer query={day}>{(data) => <DayParts day={data} />}</Answer>
    </Page>
  )
}

function DayParts({ day }: { day: DayData }) {
  const { say } = useLanguage()
  return (
    <>
      {day.secondWords.length > 0 ? (
        <section>
          <h2>{say('day.second')}</h2>
          <ul className="list">
            {day.secondWords.map((ask) => (
              <SecondWord key={ask.contact} ask={ask} />
            ))}
          </ul>
        </section>
      ) : null}
      {day.toJustify.length > 0 ? (
        <section>
          <h2>{say('day.justify')}</h2>
          <ul className="list">
            {day.toJustify.map((glass) => (
              <Justify key={glass.breakGlass} glass={glass} />
            ))}
          </ul>
        </section>
      ) : null}
      <section>
        <h2>{say('day.open')}</h2>
        <Lines lines={day.open} empty={say('day.noneOpen')} />
      </section>
      <section>
        <h2>{say('day.closed')}</h2>
        <Lines lines={day.closed} empty={say('day.noneClosed')} />
      </section>
      <section>
        <h2>{say('day.refusals')}</h2>
        {day.refusals.length === 0 ? (
          <Empty says={say('day.noRefusals')} />
        ) : (
          <ul className="list">
            {day.refusals.map((refusal) => (
              <RefusalLine key={`${refusal.at}-${refusal.code}`} refusal={refusal} />
            ))}
          </ul>
        )}
      </section>
    </>
  )
}

function RefusalLine({ refusal }: { refusal: DayData['refusals'][number] }) {
  const said = useSaid()
  const [says, next] = [said(refusal.says), said(refusal.next)]
  return (
    <li>
      <span className="small">{formatClock(refusal.at)}</span> <span lang={says.lang}>{says.text}</span>
      <p className="small" lang={next.lang}>
        {next.text}
      </p>
    </li>
  )
}

function Lines({ lines, empty }: { lines: DayData['open']; empty: string }) {
  if (lines.length === 0) return <Empty says={empty} />
  return (
    <ul className="list">
      {lines.map((line) => (
        <ContactItem key={line.id} line={line} linked desks={false} />
      ))}
    </ul>
  )
}

function SecondWord({ ask }: { ask: DayData['secondWords'][number] }) {
  const { say } = useLanguage()
  const client = useQueryClient()
  const answer = useMutation({
    mutationFn: (seen: boolean) => care.answerFactor(ask.contact, 'photo-id', { seen }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['day'] }),
  })
  return (
    <li className="stack">
      <p>
        {say('day.secondAsk', { desk: ask.askedBy })} <span className="small">{formatClock(ask.at)}</span>
      </p>
      <div className="line">
        <Act busy={answer.isPending} onClick={() => answer.mutate(true)}>
          {say('day.secondYes')}
        </Act>
        <Act tone="stop" busy={answer.isPending} onClick={() => answer.mutate(false)}>
          {say('day.secondNo')}
        </Act>
      </div>
      {answer.isError ? <Trouble error={answer.error} /> : null}
    </li>
  )
}

function Justify({ glass }: { glass: DayData['toJustify'][number] }) {
  const { say, language } = useLanguage()
  const client = useQueryClient()
  const [words, setWords] = useState('')
  const justify = useMutation({
    mutationFn: () => care.justify(glass.breakGlass, words.trim()),
    onSuccess: () => client.invalidateQueries({ queryKey: ['day'] }),
  })
  return (
    <li className="stack">
      <p>{say('day.justifyLead', { until: formatInstant(glass.until, language) })}</p>
      <Textarea
        label={say('day.justifyField')}
        value={words}
        maxLength={4000}
        minRows={2}
        autosize
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Act
        busy={justify.isPending}
        why={words.trim().length < 20 ? say('care.reasonShort') : null}
        onClick={() => justify.mutate()}
      >
        {say('day.justifyAct')}
      </Act>
      {justify.isError ? <Trouble error={justify.error} /> : null}
    </li>
  )
}
