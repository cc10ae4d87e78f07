import { FileInput, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type LawfulFrame, type RegulatorView, regulator } from '../api/lawful.ts'
import { formatDay, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { authorityName, categoryName, dayOfSecond, dayStart, dueWords } from '../lawful-words.ts'
import { useNow } from '../now.ts'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useChange } from '../ui/mutate.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Trouble } from '../ui/state.tsx'
import { useFrames } from './lawful.tsx'
import { base64Of, FilingForm } from './regulator-file.tsx'

const LETTERS = 40

/** One request as the regulator's officers follow it. */
export function CounterRequest() {
  const { id } = useParams({ from: '/counter/regulator/requests/$id' })
  const { say } = useLanguage()
  const request = useQuery({ queryKey: ['counter', id], queryFn: () => regulator.get(id), gcTime: 0 })
  const frames = useFrames()
  const frame = frames.data?.frames.find((one) => one.id === request.data?.filing.frame)
  return (
    <Page title={request.data?.filing.requestNumber ?? say('counter.title')}>
      <p>
        <Link to="/regulator">{say('counter.queue')}</Link>
      </p>
      <Answer query={request}>
        {(data) => (frame === undefined ? null : <Parts key={data.state} request={data} frame={frame} />)}
      </Answer>
    </Page>
  )
}

function Parts({ request, frame }: { request: RegulatorView; frame: LawfulFrame }) {
  const { say, language } = useLanguage()
  const now = useNow(30_000)
  const { filing } = request
  return (
    <div className="stack wide">
      <section className="stack tight">
        <p>
          <b>{say(`lawful.state.${request.state}`)}</b> · {request.serial} ·{' '}
          {categoryName(frame, filing.category, language)} ·{' '}
          {authorityName(frame, filing.authority, language)}
        </p>
        {request.deadlines.map((due) => (
          <p key={due.what} className={`small ${due.at < now && due.what !== 'secrecy-ends' ? 'stop' : ''}`}>
            {say(`lawful.due.${due.what}`)} {dueWords(say, due.at, now)}
          </p>
        ))}
        {request.unratified ? <p className="stop">{say('lawful.unratified')}</p> : null}
        {request.afterReview === 'not-confirmed' ? (
          <p className="stop">{say('counter.notConfirmed')}</p>
        ) : null}
        <p>{filing.necessity}</p>
        <p className="small">
          {filing.caseNumber} · {filing.offence} · {filing.officer.rank} {filing.officer.name}
        </p>
        <ul className="plain">
          {filing.identifiers.map((one) => (
            <li key={`${one.value}${one.from}`}>
              {one.value} ({say(`lawful.type.${one.type}`)}, {say(`lawful.role.${one.role}`)}){' '}
              {dayOfSecond(one.from)} – {dayOfSecond(one.until - 1)}
            </li>
          ))}
        </ul>
        <p className="small">{filing.fields.map((field) => say(`lawful.field.${field}`)).join(', ')}</p>
      </section>
      <Outcome request={request} />
      <Acts request={request} frame={frame} />
    </div>
  )
}

function Outcome({ request }: { request: RegulatorView }) {
  const { say, pick, language } = useLanguage()
  return (
    <>
      {request.filter === null ? null : (
        <section className="card">
          <h2>{say('counter.filterSaid')}</h2>
          <p>{request.filter.reason}</p>
          <p className="small">{formatInstant(request.filter.at, language)}</p>
        </section>
      )}
      {request.missing.length === 0 ? null : (
        <section className="card alarm">
          <h2>{say('counter.missing')}</h2>
          <ul>
            {request.missing.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      {request.refusal === null ? null : (
        <section className="card alarm">
          <p>{say('counter.refused', { ground: pick(request.refusal.ground) })}</p>
          {request.refusal.standards.length === 0 ? null : (
            <>
              <h2>{say('counter.standardsNotMet')}</h2>
              <ul>
                {request.refusal.standards.map((words) => (
                  <li key={words.en}>{pick(words)}</li>
                ))}
              </ul>
            </>
          )}
        </section>
      )}
      {request.package === null ? null : (
        <section className="card good stack tight">
          <h2>{say('lawful.package')}</h2>
          <p>
            <a href={regulator.packageAddress(request.id)}>{say('counter.fetch')}</a>
          </p>
          <p className="small">
            {say('counter.fetchLead', { day: formatDay(request.package.until, language) })}
          </p>
          <p className="mono">{say('counter.digest', { digest: request.package.digest })}</p>
        </section>
      )}
    </>
  )
}

function Acts({ request, frame }: { request: RegulatorView; frame: LawfulFrame }) {
  const { say } = useLanguage()
  const frames = useFrames()
  const { may, id } = request
  const take = useChange(() => regulator.take(id), ['counter'])
  const acknowledge = useChange(() => regulator.acknowledge(id), ['counter'])
  const secrecyRuns = request.package !== null && request.secrecyUntil !== null && request.toldAt === null
  return (
    <div className="stack">
      {request.state === 'received' ? (
        <Act
          tone="main"
          busy={take.isPending}
          why={may.includes('take') ? null : say('counter.takeOwn')}
          onClick={() => take.mutate(undefined)}
        >
          {say('counter.take')}
        </Act>
      ) : null}
      {take.isError ? <Trouble error={take.error} /> : null}
      {may.includes('filter') ? <Filter request={request} frame={frame} /> : null}
      {may.includes('acknowledge') ? (
        <Act tone="main" busy={acknowledge.isPending} onClick={() => acknowledge.mutate(undefined)}>
          {say('counter.acknowledge')}
        </Act>
      ) : null}
      {may.includes('complete') ? (
        <section>
          <h2>{say('counter.complete')}</h2>
          <FilingForm
            frames={frames.data?.frames ?? [frame]}
            start={request.filing as Parameters<typeof FilingForm>[0]['start'] & object}
            act={say('counter.complete')}
            send={(filing, letter) => regulator.complete(id, filing, letter)}
            done={() => undefined}
          />
        </section>
      ) : null}
      <div className="line">
        {request.filing.urgency === 'emergency' && request.filing.paper === null ? (
          <BringPaper id={id} />
        ) : null}
        {secrecyRuns ? <RenewSecrecy request={request} /> : null}
        {request.filing.preserveOnly ? (
          <WithReason act={say('counter.extend')} send={(reason) => regulator.extend(id, reason)} />
        ) : null}
        {may.includes('withdraw') ? (
          <WithReason act={say('counter.withdraw')} send={(reason) => regulator.withdraw(id, reason)} />
        ) : null}
      </div>
    </div>
  )
}

function Filter({ request, frame }: { request: RegulatorView; frame: LawfulFrame }) {
  const { say, pick } = useLanguage()
  const [outcome, setOutcome] = useState<'passed' | 'refused' | 'returned'>('passed')
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState('')
  const grounds = frame.grounds.filter(({ by }) => by !== 'operator')
  const [ground, setGround] = useState(grounds[0]?.id ?? '')
  const lines = missing
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= 3)
  const filter = useChange(
    () =>
      regulator.filter(request.id, {
        outcome,
        reason: reason.trim(),
        ...(outcome === 'refused' ? { ground } : {}),
        ...(outcome === 'returned' ? { missing: lines } : {}),
      }),
    ['counter'],
  )
  const acts = { passed: 'counter.pass', refused: 'counter.refuse', returned: 'counter.return' } as const
  const why =
    reason.trim().length < LETTERS
      ? say('lawful.reasonsShort')
      : outcome === 'returned' && lines.length === 0
        ? say('lawful.missingNone')
        : null
  return (
    <section className="card stack">
      <h2>{say('counter.filterTitle')}</h2>
      <NativeSelect
        label={say('counter.filterTitle')}
        value={outcome}
        onChange={(event) => setOutcome(event.currentTarget.value as typeof outcome)}
        data={(['passed', 'refused', 'returned'] as const).map((value) => ({
          value,
          label: say(acts[value]),
        }))}
      />
      {outcome === 'refused' ? (
        <NativeSelect
          label={say('lawful.ground')}
          value={ground}
          onChange={(event) => setGround(event.currentTarget.value)}
          data={grounds.map(({ id, words }) => ({ value: id, label: pick(words) }))}
        />
      ) : null}
      {outcome === 'returned' ? (
        <Textarea
          label={say('lawful.missing')}
          value={missing}
          maxLength={3000}
          minRows={2}
          autosize
          onChange={(event) => setMissing(event.currentTarget.value)}
        />
      ) : null}
      <Textarea
        label={say('counter.reason')}
        value={reason}
        maxLength={4000}
        minRows={2}
        autosize
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Act
        tone={outcome === 'refused' ? 'stop' : 'main'}
        busy={filter.isPending}
        why={why}
        onClick={() => filter.mutate(undefined)}
      >
        {say(acts[outcome])}
      </Act>
      {filter.isError ? <Trouble error={filter.error} /> : null}
    </section>
  )
}

function WithReason({ act, send }: { act: string; send: (reason: string) => Promise<unknown> }) {
  const { say } = useLanguage()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const run = useChange(
    () => send(reason.trim()),
    ['counter'],
    () => setOpen(false),
  )
  return (
    <>
      <Act onClick={() => setOpen(true)}>{act}</Act>
      <Dialog
        title={act}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => run.mutate(undefined)}
        act={act}
        why={reason.trim() === '' ? say('lawful.reason') : null}
        busy={run.isPending}
      >
        <Textarea
          label={say('lawful.reason')}
          value={reason}
          maxLength={4000}
          minRows={2}
          autosize
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {run.isError ? <Trouble error={run.error} /> : null}
      </Dialog>
    </>
  )
}

function RenewSecrecy({ request }: { request: RegulatorView }) {
  const { say } = useLanguage()
  const [open, setOpen] = useState(false)
  const [day, setDay] = useState(dayOfSecond((request.secrecyUntil ?? 0) / 1000 + 30 * 86_400))
  const [reason, setReason] = useState('')
  const renew = useChange(
    () => regulator.secrecy(request.id, dayStart(day) * 1000, reason.trim()),
    ['counter'],
    () => setOpen(false),
  )
  return (
    <>
      <Act onClick={() => setOpen(true)}>{say('counter.renew')}</Act>
      <Dialog
        title={say('counter.renew')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => renew.mutate(undefined)}
        act={say('counter.renew')}
        why={reason.trim().length < LETTERS ? say('lawful.reasonsShort') : null}
        busy={renew.isPending}
      >
        <TextInput
          type="date"
          label={say('counter.secrecy')}
          value={day}
          onChange={(event) => event.currentTarget.value && setDay(event.currentTarget.value)}
        />
        <Textarea
          label={say('lawful.reasonsLabel')}
          value={reason}
          maxLength={4000}
          minRows={2}
          autosize
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {renew.isError ? <Trouble error={renew.error} /> : null}
      </Dialog>
    </>
  )
}

function BringPaper({ id }: { id: string }) {
  const { say } = useLanguage()
  const [open, setOpen] = useState(false)
  const [paper, setPaper] = useState({ date: '', authorisedBy: '', rank: '' })
  const [letter, setLetter] = useState<File | null>(null)
  const bring = useChange(
    async () => regulator.paper(id, paper, letter === null ? null : await base64Of(letter)),
    ['counter'],
    () => setOpen(false),
  )
  return (
    <>
      <Act tone="main" onClick={() => setOpen(true)}>
        {say('counter.bringPaper')}
      </Act>
      <Dialog
        title={say('counter.bringPaper')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => bring.mutate(undefined)}
        act={say('counter.bringPaper')}
        why={Object.values(paper).some((text) => text.trim() === '') ? say('counter.fill') : null}
        busy={bring.isPending}
      >
        <TextInput
          type="date"
          label={say('counter.paperDate')}
          value={paper.date}
          onChange={(event) => setPaper({ ...paper, date: event.currentTarget.value })}
        />
        <TextInput
          label={say('counter.authorisedBy')}
          value={paper.authorisedBy}
          maxLength={120}
          onChange={(event) => setPaper({ ...paper, authorisedBy: event.currentTarget.value })}
        />
        <TextInput
          label={say('counter.authorisedRank')}
          value={paper.rank}
          maxLength={120}
          onChange={(event) => setPaper({ ...paper, rank: event.currentTarget.value })}
        />
        <FileInput
          label={say('counter.letter')}
          accept="application/pdf"
          value={letter}
          onChange={setLetter}
          clearable
        />
        {bring.isError ? <Trouble error={bring.error} /> : null}
      </Dialog>
    </>
  )
}
