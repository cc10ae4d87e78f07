import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, Outlet, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type RegulatorView, regulator } from '../api/lawful.ts'
import { signInWithPasskey } from '../api/passkey.ts'
import { readDemoPeople, readSignIn, signInDemo, signOut } from '../api/session.ts'
import { useLanguage } from '../language.ts'
import { authorityName, categoryName, dueWords } from '../lawful-words.ts'
import { useNow } from '../now.ts'
import { useSessionState } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { LookSwitches } from '../ui/look-switches.tsx'
import { Mark } from '../ui/mark.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'
import { useFrames } from './lawful.tsx'

/** The regulator's counter: a house of its own, with a door of its own. */
export function CounterFrame() {
  const { session, end } = useSessionState()
  const { say, language, setLanguage } = useLanguage()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const navigate = useNavigate()
  if (session === null) return <Navigate to="/regulator/sign-in" />
  const mine = session.actions.includes('file-request')
  const other = language === 'en' ? 'my' : 'en'
  const leave = async () => {
    await signOut().catch(() => undefined)
    end('signed-out')
    await navigate({ to: '/regulator/sign-in' })
  }
  return (
    <div className="counter">
      <a className="skip" href="#counter">
        {say('app.skip')}
      </a>
      <header className="counter-top">
        <div className="line between">
          <Link className="counter-name" to="/regulator">
            {say('counter.title')}
          </Link>
          <span className="line">
            <button type="button" className="counter-button" lang={other} onClick={() => setLanguage(other)}>
              {say('app.language')}
            </button>
            <button
              type="button"
              className="counter-button"
              onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
            >
              {scheme === 'dark' ? say('app.light') : say('app.dark')}
            </button>
            <button type="button" className="counter-button" onClick={() => void leave()}>
              {say('app.signOut')} ({session.person.name})
            </button>
          </span>
        </div>
        <nav className="line" aria-label={say('app.desks')}>
          <Link to="/regulator" activeOptions={{ exact: true }}>
            {say('counter.queue')}
          </Link>
          <Link to="/regulator/file">{say('counter.file')}</Link>
          <Link to="/ledger">{say('counter.witness')}</Link>
        </nav>
      </header>
      <main className="counter-room" id="counter" tabIndex={-1}>
        {mine ? <Outlet /> : <Empty says={say('counter.notYours')} />}
      </main>
    </div>
  )
}

/** The counter's own door. */
export function CounterEntrance() {
  const { say } = useLanguage()
  const { session, renew } = useSessionState()
  const [trouble, setTrouble] = useState<unknown>(null)
  const door = useQuery({ queryKey: ['sign-in'], queryFn: readSignIn, staleTime: 60_000 })
  const people = useQuery({
    queryKey: ['demo-people'],
    queryFn: readDemoPeople,
    enabled: door.data?.demo === true,
    staleTime: 60_000,
  })
  const enter = async (signIn: () => Promise<unknown>) => {
    try {
      setTrouble(null)
      await signIn()
      await renew()
    } catch (error) {
      setTrouble(error)
    }
  }
  // The page follows the session, so that it never asks for one that is not here yet.
  if (session !== null) return <Navigate to="/regulator" />
  const officers = people.data?.people.filter(({ roles }) => roles.includes('regulator-officer')) ?? []
  return (
    <main className="entrance stack wide">
      <header className="line between">
        <h1 className="line">
          <Mark closed={false} /> {say('counter.title')}
        </h1>
        <LookSwitches />
      </header>
      <p className="lead">{say('counter.signInLead')}</p>
      {trouble ? <Trouble error={trouble} /> : null}
      <section className="card stack">
        <h2>{say('counter.signIn')}</h2>
        <Act
          tone="main"
          why={browserSupportsWebAuthn() ? null : say('sign.passkeyWhy')}
          onClick={() => void enter(signInWithPasskey)}
        >
          {say('sign.passkey')}
        </Act>
        {officers.map(({ id, name, deskName }) => (
          <Act key={id} onClick={() => void enter(() => signInDemo(id))}>
            {say('sign.as', { name })}
            <span className="sub">{deskName}</span>
          </Act>
        ))}
      </section>
    </main>
  )
}

/** Every request that came to this counter, what waits for the regulator first. */
export function CounterQueue() {
  const { say } = useLanguage()
  const { session } = useSessionState()
  const queue = useQuery({ queryKey: ['counter'], queryFn: regulator.queue, refetchInterval: 30_000 })
  return (
    <Page
      title={say('counter.queue')}
      lead={say('counter.lead', { operator: session?.operatorName ?? '' })}
      aside={<Link to="/regulator/file">{say('counter.file')}</Link>}
    >
      <Answer query={queue}>
        {({ requests }) =>
          requests.length === 0 ? (
            <Empty says={say('counter.none')} />
          ) : (
            <ul className="list">
              {requests.map((one) => (
                <QueueLine key={one.id} one={one} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Page>
  )
}

function QueueLine({ one }: { one: RegulatorView }) {
  const { say, language } = useLanguage()
  const frames = useFrames()
  const now = useNow(30_000)
  const frame = frames.data?.frames.find(({ id }) => id === one.filing.frame)
  const due = one.deadlines.find(({ who }) => who === 'regulator') ?? one.deadlines[0]
  return (
    <li className="line between">
      <span className="stack tight">
        <Link to="/regulator/requests/$id" params={{ id: one.id }}>
          {one.filing.requestNumber}
        </Link>
        <span className="small">
          {categoryName(frame, one.filing.category, language)} ·{' '}
          {authorityName(frame, one.filing.authority, language)}
        </span>
      </span>
      <span className="stack tight r">
        <span className="tag">{say(`lawful.state.${one.state}`)}</span>
        {due === undefined ? null : (
          <span className={`small ${due.at < now ? 'stop' : ''}`}>
            {say(`lawful.due.${due.what}`)} {dueWords(say, due.at, now)}
          </span>
        )}
      </span>
    </li>
  )
}
