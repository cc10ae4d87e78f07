import { Radio, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type Finding, type Report, reports } from '../api/reports.ts'
import { formatInstant, formatMonth } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useOffice } from '../ui/office.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Trouble } from '../ui/state.tsx'
import { word } from './contact-list.tsx'
import { OpenFrom } from './incidents.tsx'

const FINDINGS = ['founded', 'unfounded', 'not-clear'] as const satisfies readonly Finding[]

/** One report: the look it is about, her words, and the answer she will read. */
export function ReportPage() {
  const { id } = useParams({ from: '/desk/reports/$id' })
  const { say } = useLanguage()
  const report = useQuery({ queryKey: ['report', id], queryFn: () => reports.get(id), gcTime: 0 })
  return (
    <Page title={report.data ? say('reports.number', { number: report.data.number }) : say('reports.title')}>
      <p>
        <Link to="/reports">{say('reports.title')}</Link>
      </p>
      <Answer query={report}>{(data) => <ReportParts key={data.state} report={data} />}</Answer>
    </Page>
  )
}

function ReportParts({ report }: { report: Report }) {
  const { say, language } = useLanguage()
  const office = useOffice()
  const may = useMay()
  return (
    <>
      <section className="card">
        <h2>{say('reports.look')}</h2>
        <p>
          {say('reports.sentence', {
            desk: report.deskName,
            office: office(report.office),
            month: formatMonth(report.month, language),
            at: formatInstant(report.at, language),
            purpose: word(say, 'purpose', report.purpose),
          })}
        </p>
        <p className="small">
          {word(say, 'channel', report.channel)} ·{' '}
          {report.confirmedByTelephony ? say('reports.confirmed') : say('reports.unconfirmed')}
        </p>
      </section>
      <section className="card">
        <h2>{say('reports.said')}</h2>
        <p>{report.says === '' ? say('reports.saidNothing') : report.says}</p>
        <p className="small">{formatInstant(report.filedAt, language)}</p>
      </section>
      <section className="card">
        <h2>{say('reports.answer')}</h2>
        {report.answer ? (
          <>
            <p>
              <b>{say(`finding.${report.answer.finding}`)}</b>
            </p>
            <p>{report.answer.says}</p>
            <p className="small">{formatInstant(report.answer.at, language)}</p>
          </>
        ) : (
          <AnswerReport report={report} />
        )}
      </section>
      {may('work-incident') ? (
        <OpenFrom
          opening={{ origin: 'not-me', ref: report.id, title: say('incident.fromReport'), says: '' }}
        />
      ) : null}
    </>
  )
}

function AnswerReport({ report }: { report: Report }) {
  const { say } = useLanguage()
  const may = useMay()
  const client = useQueryClient()
  const [finding, setFinding] = useState<Finding | null>(null)
  const [words, setWords] = useState('')
  const take = (next: Report) => client.setQueryData(['report', report.id], next)
  const taking = useMutation({ mutationFn: () => reports.take(report.id), onSuccess: take })
  const answer = useMutation({
    mutationFn: (found: Finding) => reports.answer(report.id, found, words.trim()),
    onSuccess: take,
  })
  if (!may('answer-report')) return <p className="small">{say('reports.notYours')}</p>
  if (!report.mine)
    return (
      <>
        <Act tone="main" busy={taking.isPending} onClick={() => taking.mutate()}>
          {report.assigned ? say('reports.takeOver') : say('reports.take')}
        </Act>
        {taking.isError ? <Trouble error={taking.error} /> : null}
      </>
    )
  const why = finding === null || words.trim().length < 10 ? say('reports.answerMissing') : null
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (why === null && finding !== null) answer.mutate(finding)
      }}
    >
      <Radio.Group
        label={say('reports.finding')}
        value={finding ?? ''}
        onChange={(value) => setFinding(value as Finding)}
      >
        <div className="stack tight">
          {FINDINGS.map((value) => (
            <Radio key={value} value={value} label={say(`finding.${value}`)} />
          ))}
        </div>
      </Radio.Group>
      <Textarea
        label={say('reports.answer')}
        value={words}
        maxLength={2000}
        minRows={3}
        autosize
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Act type="submit" tone="main" busy={answer.isPending} why={why}>
        {say('reports.send')}
      </Act>
      {answer.isError ? <Trouble error={answer.error} /> : null}
    </form>
  )
}
