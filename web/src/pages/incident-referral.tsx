import { Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { court, type Referral, type ReferralPreview } from '../api/court.ts'
import type { Incident } from '../api/incidents.ts'
import { formatCount, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { saveFile } from '../ui/save-file.ts'
import { Answer, Trouble } from '../ui/state.tsx'

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

function Custody({ id, referral }: { id: string; referral: Referral }) {
  const { say, language } = useLanguage()
  const may = useMay()
  const saving = useMutation({
    mutationFn: async () => {
      const { name, bytes } = await court.custodyBundle(id, referral.id)
      saveFile(name, bytes)
    },
  })
  return (
    <>
      <h3>{say('referral.custody')}</h3>
      <ol className="plain-list">
        {referral.custody.map((step) => (
          <li key={step.index}>
            <span className="small">{formatInstant(step.at, language)}</span>{' '}
            <b>{say(`referral.custody.${step.do}`)}</b> ·{' '}
            {say('referral.held', { from: step.from, to: step.to })}
            {step.place === '' || step.place === step.to ? '' : ` · ${step.place}`}
            {step.says === '' ? null : <p className="small">{step.says}</p>}
            <p className="small digest">
              <Link to="/ledger/$index" params={{ index: String(step.index) }}>
                {step.index}
              </Link>{' '}
              · <code>{step.digest.slice(0, 16)}…</code>
            </p>
          </li>
        ))}
      </ol>
      {may('hand-over-referral') ? (
        <Act busy={saving.isPending} onClick={() => saving.mutate()}>
          {say('referral.custodySave')}
        </Act>
      ) : null}
      {saving.isError ? <Trouble error={saving.error} /> : null}
    </>
  )
}

function Next({ id, referral }: { id: string; referral: Referral }) {
  const { say } = useLanguage()
  const may = useMay()
  const { state, mine } = referral
  const mayHand = may('hand-over-referral')
  return (
    <>
      {state === 'prepared' && may('approve-referral') ? (
        <Step
          act={say('referral.approve')}
          why={mine ? say('referral.approveMine') : null}
          run={({ says }) => court.actReferral(id, referral.id, { do: 'approve', says })}
        />
      ) : null}
      {state === 'approved' && mayHand ? <Make id={id} referral={referral} /> : null}
      {referral.digest !== null && mayHand && !referral.held ? (
        <Step
          act={say('referral.copy')}
          tell={say('referral.copyTell')}
          run={async ({ says }) => {
            const { name, bytes } = await court.copyBundle(id, referral.id, says)
            saveFile(name, bytes)
          }}
        />
      ) : null}
      {state === 'made' && mayHand && referral.held ? (
        <Step
          act={say('referral.handOver')}
          fields={['digest', 'place']}
          labels={{ digest: say('referral.digestAsk'), place: say('referral.place') }}
          run={({ says, digest, place }) =>
            court.actReferral(id, referral.id, { do: 'hand-over', digest: digest.trim(), place, says })
          }
        />
      ) : null}
      {state === 'handed-over' && mayHand ? (
        <Step
          act={say('referral.receive')}
          fields={['digest', 'receipt']}
          labels={{ digest: say('referral.digestReceived'), receipt: say('referral.receipt') }}
          run={({ says, digest, receipt }) =>
            court.actReferral(id, referral.id, { do: 'receive', digest: digest.trim(), receipt, says })
          }
        />
      ) : null}
    </>
  )
}

function Make({ id, referral }: { id: string; referral: Referral }) {
  const { say } = useLanguage()
  const making = useChange(() => court.makeBundle(id, referral.id), TOUCHES)
  return (
    <>
      <p className="small">{say('referral.makeTell')}</p>
      <Act tone="main" busy={making.isPending} onClick={() => making.mutate(undefined)}>
        {say('referral.make')}
      </Act>
      {making.isError ? <Trouble error={making.error} /> : null}
    </>
  )
}

type Field = 'digest' | 'place' | 'receipt'
type Values = Readonly<Record<Field | 'says', string>>

/** A step with its reason, and what else it needs. */
function Step({
  act,
  tell,
  why = null,
  fields = [],
  labels = {},
  run,
}: {
  act: string
  tell?: ReactNode
  why?: string | null
  fields?: readonly Field[]
  labels?: Partial<Record<Field, string>>
  run: (values: Values) => Promise<unknown>
}) {
  const { say } = useLanguage()
  const [values, setValues] = useState<Values>({ digest: '', place: '', receipt: '', says: '' })
  const doing = useChange((given: Values) => run(given), TOUCHES)
  const short = fields.some((field) => values[field].trim().length < 3)
  const not =
    why ?? (short ? say('court.fieldsWhy') : values.says.trim().length < 10 ? say('court.saysWhy') : null)
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (not === null) doing.mutate(values)
      }}
    >
      {tell === undefined ? null : <p className="small">{tell}</p>}
      {fields.map((field) => (
        <TextInput
          key={field}
          label={labels[field]}
          value={values[field]}
          maxLength={200}
          onChange={(event) => setValues({ ...values, [field]: event.currentTarget.value })}
        />
      ))}
      <Textarea
        label={say('chain.why')}
        value={values.says}
        maxLength={2000}
        onChange={(event) => setValues({ ...values, says: event.currentTarget.value })}
      />
      <Act type="submit" busy={doing.isPending} why={not}>
        {act}
      </Act>
      {doing.isError ? <Trouble error={doing.error} /> : null}
    </form>
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
