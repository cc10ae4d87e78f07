import { Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { court, type Referral, type ReferralPreview } from '../api/court.ts'
import type { Incident } from '../api/incidents.ts'
import { formatCount, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Answer, Trouble } from '../ui/state.tsx'
import { Custody, Next } from './referral-custody.tsx'

const TOUCHES = ['referrals', 'incident'] as const

/** Referrals to the police: what is given and what is not, who approved, who has held it. */
export function ReferralsOf({ one }: { one: Incident }) {
  const { say } = useLanguage()
  const may = useMay()
  const list = useQuery({
    queryKey: ['referrals', one.id],
    queryFn: () => court.referrals(one.id),
    gcTime: 0,
  })
  const open = one.state !== 'closed'
  return (
    <section className="stack">
      <h2>{say('referral.title')}</h2>
      <Answer query={list}>
        {({ referrals }) => (
          <>
            {referrals.length === 0 ? (
              <p className="small">
                {one.confirmedAt === null ? say('referral.needs') : say('referral.none')}
              </p>
            ) : null}
            {referrals.map((referral) => (
              <Standing key={referral.id} id={one.id} referral={referral} open={open} />
            ))}
          </>
        )}
      </Answer>
      {may('prepare-referral') && one.confirmedAt !== null && open ? <Prepare id={one.id} /> : null}
    </section>
  )
}

function Standing({ id, referral, open }: { id: string; referral: Referral; open: boolean }) {
  const { say, language } = useLanguage()
  return (
    <article className="card stack">
      <h3>
        {referral.station} · {say(`referral.state.${referral.state}`)}
      </h3>
      <p>
        {referral.officer} · {referral.offence}
      </p>
      <blockquote>{referral.says}</blockquote>
      <Given of={referral} />
      <p className="small">
        {say('referral.preparedBy', {
          desk: referral.preparedBy,
          at: formatInstant(referral.preparedAt, language),
        })}{' '}
        {referral.approvals
          .map(({ deskName, counsel, at }) =>
            say('referral.approvedBy', {
              desk: deskName,
              role: say(counsel ? 'referral.counsel' : 'referral.otherRole'),
              at: formatInstant(at, language),
            }),
          )
          .join(' ')}
      </p>
      {referral.digest === null ? null : (
        <p className="small digest">
          {say('referral.digest')}: <code>{referral.digest}</code>
        </p>
      )}
      {referral.receipt === null ? null : <p>{say('referral.receiptIs', { receipt: referral.receipt })}</p>}
      {referral.custody.length === 0 ? null : <Custody id={id} referral={referral} />}
      {open ? <Next id={id} referral={referral} /> : null}
    </article>
  )
}

/** What goes, and what does not and why: counts only. */
function Given({ of: { picked, keptOut } }: { of: ReferralPreview }) {
  const { say } = useLanguage()
  const open = picked.filter(({ withheld }) => withheld === null)
  const count = (part: string) => formatCount(open.filter((one) => one.part === part).length)
  const without = Map.groupBy(
    picked.filter(({ withheld }) => withheld !== null),
    ({ withheld }) => withheld!,
  )
  return (
    <>
      <p>
        {say('referral.given', {
          open: formatCount(open.length),
          case: count('case'),
          trace: count('trace'),
          look: count('look'),
          conduct: count('conduct'),
        })}
      </p>
      <table className="small">
        <caption>{say('referral.withheld')}</caption>
        <tbody>
          {[...without].map(([why, entries]) => (
            <tr key={why}>
              <th scope="row">{say('referral.withheldText', { count: formatCount(entries.length) })}</th>
              <td>{say(`referral.why.${why}`)}</td>
            </tr>
          ))}
          {keptOut.map(({ why, entries }) => (
            <tr key={why}>
              <th scope="row">{say('referral.keptOut', { count: formatCount(entries) })}</th>
              <td>{say(`referral.why.${why}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

const ASKED = ['station', 'officer', 'offence'] as const

function Prepare({ id }: { id: string }) {
  const { say } = useLanguage()
  const client = useQueryClient()
  const [asked, setAsked] = useState({ station: '', officer: '', offence: '', says: '' })
  const preview = useMutation({ mutationFn: () => court.preview(id) })
  const preparing = useMutation({
    mutationFn: () => court.prepare(id, asked),
    onSuccess: async () => {
      setAsked({ station: '', officer: '', offence: '', says: '' })
      preview.reset()
      for (const key of TOUCHES) await client.invalidateQueries({ queryKey: [key] })
    },
  })
  const short = ASKED.some((field) => asked[field].trim().length < 3)
  const why = short ? say('court.fieldsWhy') : asked.says.trim().length < 10 ? say('court.saysWhy') : null
  return (
    <details>
      <summary>{say('referral.new')}</summary>
      <form
        className="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (why === null) preparing.mutate()
        }}
      >
        {preview.data === undefined ? (
          <Act busy={preview.isPending} onClick={() => preview.mutate()}>
            {say('referral.preview')}
          </Act>
        ) : (
          <Given of={preview.data} />
        )}
        {preview.isError ? <Trouble error={preview.error} /> : null}
        {ASKED.map((field) => (
          <TextInput
            key={field}
            label={say(`referral.${field}`)}
            value={asked[field]}
            maxLength={200}
            onChange={(event) => setAsked({ ...asked, [field]: event.currentTarget.value })}
          />
        ))}
        <Textarea
          label={say('referral.says')}
          value={asked.says}
          maxLength={2000}
          onChange={(event) => setAsked({ ...asked, says: event.currentTarget.value })}
        />
        <p className="small">{say('referral.prepareTell')}</p>
        <Act type="submit" busy={preparing.isPending} why={why}>
          {say('referral.prepare')}
        </Act>
        {preparing.isError ? <Trouble error={preparing.error} /> : null}
      </form>
    </details>
  )
}
