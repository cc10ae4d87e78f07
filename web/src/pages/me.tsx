import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { OFFICES, ROLE_WORDS } from '../../../src/staff/staff.ts'
import { type Conduct, me, type Tie } from '../api/people.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useSession, useSessionState } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Page } from '../ui/page.tsx'
import { Prose } from '../ui/prose.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'
import { OwnLooksParts } from './own-looks.tsx'

const TIES = ['own', 'household', 'declared'] as const satisfies readonly Tie[]

/** A person's own page: what customers know of them, the code of conduct, the numbers too close to look at. */
export function Me() {
  const { say, pick } = useLanguage()
  const session = useSession()
  const { person } = session
  const office = OFFICES.find((o) => o.id === person.office)
  const conduct = useQuery({ queryKey: ['conduct'], queryFn: me.conduct })
  return (
    <Page
      title={say('me.title')}
      lead={say('me.lead', { desk: person.deskName, office: office ? pick(office.words) : '' })}
    >
      <section className="card">
        <dl className="facts">
          <dt>{say('person.roles')}</dt>
          <dd>{person.roles.map((role) => pick(ROLE_WORDS[role])).join(', ')}</dd>
          <dt>{say('person.shift')}</dt>
          <dd>{session.onShift ? say('person.onShift') : say('person.offShift')}</dd>
          <dt>{say('person.trained')}</dt>
          <dd>{session.trained ? say('person.trainedYes') : say('person.trainedNo')}</dd>
          {session.shop === null ? null : (
            <>
              <dt>{say('channel.shop')}</dt>
              <dd>{session.shop}</dd>
            </>
          )}
        </dl>
      </section>
      <section className="card">
        <h2>{say('me.conduct')}</h2>
        <Answer query={conduct}>{(data) => <ConductParts conduct={data} />}</Answer>
      </section>
      <OwnLooksParts />
      <section className="card">
        <h2>{say('me.circle')}</h2>
        <p className="small">{say('me.circleLead')}</p>
        <MyCircle />
      </section>
    </Page>
  )
}

function ConductParts({ conduct }: { conduct: Conduct }) {
  const { say, language } = useLanguage()
  const { conductSigned } = useSession()
  const { renew } = useSessionState()
  const [read, setRead] = useState(false)
  const { current, mine } = conduct
  const sign = useChange(
    () => me.signConduct(current?.version ?? 0),
    ['conduct'],
    () => void renew(),
  )
  if (current === null) return <Empty says={say('me.conductNone')} />
  return (
    <div className="stack">
      {conductSigned && mine ? (
        <p className="proven">
          {say('me.conductSigned', {
            version: mine.version,
            at: formatInstant(mine.signedAt, language),
          })}
        </p>
      ) : (
        <p className="stop">{say('me.conductDue')}</p>
      )}
      <details open={!conductSigned}>
        <summary>
          {say('me.conduct')}, {say('settings.version', { version: current.version })}
        </summary>
        <Prose text={current.text[language]} language={language} />
      </details>
      {conductSigned ? null : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            if (read) sign.mutate(undefined)
          }}
        >
          <Checkbox
            label={say('me.conductRead')}
            checked={read}
            onChange={(event) => setRead(event.currentTarget.checked)}
          />
          <Act type="submit" tone="main" busy={sign.isPending} why={read ? null : say('me.conductTick')}>
            {say('me.conductSign')}
          </Act>
          {sign.isError ? <Trouble error={sign.error} /> : null}
        </form>
      )}
    </div>
  )
}

function MyCircle() {
  const { say, language } = useLanguage()
  const circle = useQuery({ queryKey: ['circle'], queryFn: me.circle, gcTime: 0 })
  const [number, setNumber] = useState('')
  const [kind, setKind] = useState<Tie>('declared')
  const declare = useChange(
    () => me.declare(kind, number.trim()),
    ['circle'],
    () => setNumber(''),
  )
  const withdraw = useChange((id: string) => me.withdraw(id), ['circle'])
  return (
    <div className="stack">
      <Answer query={circle}>
        {({ numbers }) =>
          numbers.length === 0 ? (
            <Empty says={say('me.circleNone')} />
          ) : (
            <ul className="list">
              {numbers.map((declared) => (
                <li key={declared.id} className="line between">
                  <span>
                    {declared.number} <span className="small">{say(`circle.${declared.kind}`)}</span>{' '}
                    <span className="small">{formatInstant(declared.declaredAt, language)}</span>
                  </span>
                  <Act tone="plain" busy={withdraw.isPending} onClick={() => withdraw.mutate(declared.id)}>
                    {say('me.circleWithdraw')}
                  </Act>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      {withdraw.isError ? <Trouble error={withdraw.error} /> : null}
      <form
        className="stack"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          if (number.trim().length >= 3) declare.mutate(undefined)
        }}
      >
        <div className="fields">
          <TextInput
            label={say('me.circleNumber')}
            value={number}
            inputMode="tel"
            autoComplete="off"
            maxLength={40}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <NativeSelect
            label={say('me.circleKind')}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value as Tie)}
            data={TIES.map((value) => ({ value, label: say(`circle.${value}`) }))}
          />
        </div>
        <Act
          type="submit"
          busy={declare.isPending}
          why={number.trim().length < 3 ? say('care.numberMissing') : null}
        >
          {say('me.circleAct')}
        </Act>
        {declare.isError ? <Trouble error={declare.error} /> : null}
      </form>
    </div>
  )
}
