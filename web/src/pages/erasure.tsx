import { Radio, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type ErasureView, erasures, type Holding } from '../api/erasures.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useSession } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useChange } from '../ui/mutate.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'

const SHORTEST_REASON = 10

/** Erasing one holder's log: who proposes, what waits for the second officer, and what she is told. */
export function ErasurePage() {
  const { say } = useLanguage()
  const list = useQuery({ queryKey: ['erasures'], queryFn: erasures.list })
  return (
    <Page title={say('erasure.title')} lead={say('erasure.lead')}>
      <div className="stack">
        <Propose />
        <Answer query={list}>
          {({ erasures: all }) =>
            all.length === 0 ? (
              <Empty says={say('erasure.none')} next={say('erasure.noneNext')} />
            ) : (
              <section aria-label={say('erasure.proposed')}>
                <h2>{say('erasure.proposed')}</h2>
                <ul className="list">
                  {all.map((one) => (
                    <Line key={one.id} row={one} />
                  ))}
                </ul>
              </section>
            )
          }
        </Answer>
      </div>
    </Page>
  )
}

function Propose() {
  const { say } = useLanguage()
  const [number, setNumber] = useState('')
  const [tenure, setTenure] = useState('')
  const [reason, setReason] = useState('')
  const find = useMutation({ mutationFn: () => erasures.holdings(number.trim()) })
  const forget = () => {
    setNumber('')
    setReason('')
    find.reset()
  }
  const propose = useChange(
    () => erasures.propose({ number: number.trim(), tenure, reason: reason.trim() }),
    ['erasures'],
    forget,
  )
  const found = find.data?.holdings
  return (
    <section className="card stack" aria-label={say('erasure.propose')}>
      <h2>{say('erasure.propose')}</h2>
      <form
        className="stack tight"
        onSubmit={(event) => {
          event.preventDefault()
          if (number.trim() !== '')
            find.mutate(undefined, { onSuccess: ({ holdings }) => setTenure(holdings[0]?.tenure ?? '') })
        }}
      >
        <TextInput
          label={say('erasure.number')}
          value={number}
          inputMode="tel"
          autoComplete="off"
          maxLength={40}
          onChange={(event) => {
            setNumber(event.currentTarget.value)
            find.reset()
          }}
        />
        <Act
          type="submit"
          tone={found === undefined ? 'main' : 'plain'}
          busy={find.isPending}
          why={number.trim() === '' ? say('erasure.numberMissing') : null}
        >
          {say('erasure.find')}
        </Act>
      </form>
      {find.isError ? <Trouble error={find.error} /> : null}
      {found === undefined ? null : (
        <div className="stack tight">
          <Radio.Group label={say('erasure.which')} value={tenure} onChange={setTenure}>
            {found.map((one) => (
              <HoldingChoice key={one.tenure} one={one} />
            ))}
          </Radio.Group>
          <Textarea
            label={say('erasure.reason')}
            value={reason}
            maxLength={500}
            autosize
            minRows={2}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <p className="small">{say('erasure.consequence')}</p>
          <Act
            tone="main"
            busy={propose.isPending}
            why={reason.trim().length < SHORTEST_REASON ? say('erasure.reasonShort') : null}
            onClick={() => propose.mutate(undefined)}
          >
            {say('erasure.propose')}
          </Act>
          {propose.isError ? <Trouble error={propose.error} /> : null}
        </div>
      )}
    </section>
  )
}

function HoldingChoice({ one: { tenure, from, until } }: { one: Holding }) {
  const { say, language } = useLanguage()
  const at = (seconds: number) => formatInstant(seconds * 1000, language)
  const words =
    from === null
      ? say('erasure.unregistered')
      : until === null
        ? say('erasure.holds', { from: at(from) })
        : say('erasure.held', { from: at(from), until: at(until) })
  return <Radio value={tenure} label={words} />
}

function Line({ row }: { row: ErasureView }) {
  const { say, language, pick } = useLanguage()
  const at = (instant: number | null) => (instant === null ? '' : formatInstant(instant, language))
  return (
    <li className="stack tight">
      <b className="mono private">{row.number}</b>
      <span>{row.reason}</span>
      <span className="small">{say('erasure.by', { desk: row.proposedDesk, at: at(row.proposedAt) })}</span>
      {row.state === 'waiting' ? <Decide row={row} /> : null}
      {row.state === 'declined' ? (
        <span className="small">
          {say('erasure.declined', {
            desk: row.decidedDesk ?? '',
            at: at(row.decidedAt),
            reason: row.declinedBecause ?? '',
          })}
        </span>
      ) : null}
      {row.answer === null ? null : (
        <>
          <span className="small">
            {say('erasure.erased', {
              desk: row.decidedDesk ?? '',
              at: at(row.decidedAt),
              day: row.finalOn ?? '',
            })}
          </span>
          <details>
            <summary>{say('erasure.answer')}</summary>
            <p>{pick(row.answer)}</p>
          </details>
        </>
      )}
    </li>
  )
}

function Decide({ row }: { row: ErasureView }) {
  const { say } = useLanguage()
  const { person } = useSession()
  const [asking, setAsking] = useState<'approve' | 'decline' | null>(null)
  const [reason, setReason] = useState('')
  const close = () => setAsking(null)
  const approve = useChange(() => erasures.approve(row.id), ['erasures'], close)
  const decline = useChange(() => erasures.decline(row.id, reason.trim()), ['erasures'], close)
  return (
    <>
      <span className="tag">{say('erasure.waiting')}</span>
      <div className="line">
        <Act
          tone="stop"
          why={row.proposedBy === person.id ? say('erasure.own') : null}
          onClick={() => setAsking('approve')}
        >
          {say('erasure.approve')}
        </Act>
        <Act tone="plain" onClick={() => setAsking('decline')}>
          {say('erasure.decline')}
        </Act>
      </div>
      <Dialog
        title={say('erasure.sure')}
        open={asking === 'approve'}
        onClose={close}
        onSubmit={() => approve.mutate(undefined)}
        act={say('erasure.approve')}
        busy={approve.isPending}
      >
        <p>{say('erasure.sureSays')}</p>
        {approve.isError ? <Trouble error={approve.error} /> : null}
      </Dialog>
      <Dialog
        title={say('erasure.decline')}
        open={asking === 'decline'}
        onClose={close}
        onSubmit={() => decline.mutate(undefined)}
        act={say('erasure.decline')}
        why={reason.trim().length < SHORTEST_REASON ? say('erasure.reasonShort') : null}
        busy={decline.isPending}
      >
        <Textarea
          label={say('erasure.reason')}
          value={reason}
          maxLength={500}
          autosize
          minRows={2}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {decline.isError ? <Trouble error={decline.error} /> : null}
      </Dialog>
    </>
  )
}
