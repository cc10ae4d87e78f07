import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { type DeskView, type LawfulFrame, lawful } from '../api/lawful.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'

const LETTERS = 40

/** The review after an emergency: whether it was one, by somebody who had no part in the answer. */
export function AfterReview({ request, frame }: { request: DeskView; frame: LawfulFrame }) {
  const { say, language } = useLanguage()
  if (request.filing.urgency !== 'emergency' || request.deliveredAt === null) return null
  const review = request.afterReview
  return (
    <section className="card stack">
      <h2>{say('lawful.review')}</h2>
      {review === null ? (
        <Find request={request} days={frame.deadlines.reviewAfterEmergencyDays} />
      ) : (
        <>
          <p className={review.finding === 'confirmed' ? '' : 'stop'}>
            {say(`lawful.reviewed.${review.finding}`)}
          </p>
          <p>{review.reasons}</p>
          <p className="small">
            {say('lawful.ruledBy', {
              name: review.by?.name ?? '',
              desk: review.by?.deskName ?? '',
              at: formatInstant(review.at, language),
            })}
          </p>
        </>
      )}
    </section>
  )
}

function Find({ request, days }: { request: DeskView; days: number }) {
  const { say } = useLanguage()
  const [reasons, setReasons] = useState('')
  const find = useChange(
    (finding: 'confirmed' | 'not-confirmed') => lawful.afterReview(request.id, finding, reasons.trim()),
    ['lawful'],
    () => setReasons(''),
  )
  const why = reasons.trim().length < LETTERS ? say('lawful.reasonsShort') : null
  const whyNot = request.whyNot['after-review']
  return (
    <>
      <p className="small">{say('lawful.reviewLead', { days })}</p>
      {whyNot === undefined ? null : <p className="small">{whyNot}</p>}
      {request.may.includes('after-review') ? (
        <>
          <Textarea
            label={say('lawful.reasonsLabel')}
            value={reasons}
            maxLength={4000}
            minRows={2}
            autosize
            onChange={(event) => setReasons(event.currentTarget.value)}
          />
          <Act tone="main" wide busy={find.isPending} why={why} onClick={() => find.mutate('confirmed')}>
            {say('lawful.reviewYes')}
          </Act>
          <Act tone="stop" wide busy={find.isPending} why={why} onClick={() => find.mutate('not-confirmed')}>
            {say('lawful.reviewNo')}
          </Act>
          {find.isError ? <Trouble error={find.error} /> : null}
        </>
      ) : null}
    </>
  )
}
