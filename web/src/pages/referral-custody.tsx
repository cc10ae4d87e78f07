import { Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { court, type Referral } from '../api/court.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { saveFile } from '../ui/save-file.ts'
import { Trouble } from '../ui/state.tsx'

const TOUCHES = ['referrals', 'incident'] as const

export function Custody({ id, referral }: { id: string; referral: Referral }) {
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
      <ol className="happened">
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

export function Next({ id, referral }: { id: string; referral: Referral }) {
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

export function Make({ id, referral }: { id: string; referral: Referral }) {
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
