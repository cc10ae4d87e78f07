import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useClickOutside } from '@mantine/hooks'
import { Link, Navigate, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { OFFICES } from '../../../src/staff/staff.ts'
import { type Session, signOut } from '../api/session.ts'
import { DESKS, desksOf } from '../desks.ts'
import { useLanguage } from '../language.ts'
import { useSessionState } from '../session.tsx'
import { Mark } from '../ui/mark.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/state.tsx'
import { DatabaseAlarm } from './database-alarm.tsx'
import { Find, openFind } from './find.tsx'
import { Foot } from './foot.tsx'
import { Waiting } from './waiting.tsx'
import { WitnessAlarm } from './witness-alarm.tsx'

/** The frame round every desk: brand and search above, desks on the left, the ledger's head below. */
export function Frame() {
  const { session } = useSessionState()
  const { say } = useLanguage()
  const path = useLocation({ select: (location) => location.pathname })
  if (session === null) return <Navigate to="/sign-in" />
  return (
    <div className="frame">
      <a className="skip" href="#room">
        {say('app.skip')}
      </a>
      <header className="top">
        <Link className="brand" to="/">
          <Mark />
          {say('app.name')}
        </Link>
        <span className="small operator">{session.operatorName}</span>
        <button type="button" className="search" onClick={openFind}>
          <span>{say('find.open')}</span>
          <kbd>{say('find.keys')}</kbd>
        </button>
        <Waiting />
        <WhoMenu />
      </header>
      <nav className="rail" aria-label={say('app.desks')}>
        {desksOf(session.actions).map((desk) => (
          <Link
            key={desk.to}
            to={desk.to}
            className={path.startsWith(desk.to) ? 'active' : ''}
            aria-current={path.startsWith(desk.to) ? 'page' : undefined}
          >
            {say(desk.word)}
          </Link>
        ))}
      </nav>
      <main className="room" id="room" tabIndex={-1}>
        <WitnessAlarm />
        <DatabaseAlarm />
        {isShut(path, session.actions) ? (
          <Page title={say('state.notYours')}>
            <Empty says={say('state.notYoursNext')} />
          </Page>
        ) : (
          <Outlet />
        )}
      </main>
      <Foot />
      <Find />
    </div>
  )
}

/** Whether an address belongs to a desk that this person may not enter; the server would refuse it too. */
function isShut(path: string, actions: Session['actions']): boolean {
  const desk = DESKS.find(({ to }) => path.startsWith(to))
  return desk !== undefined && !desksOf(actions).includes(desk)
}

function WhoMenu() {
  const { session } = useSessionState()
  const { pick } = useLanguage()
  const [open, setOpen] = useState(false)
  const box = useClickOutside(() => setOpen(false))
  if (session === null) return null
  const { person } = session
  const office = OFFICES.find((o) => o.id === person.office)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what the button inside opened
    <div className="who-box" ref={box} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <button type="button" className="who" aria-expanded={open} onClick={() => setOpen(!open)}>
        {person.name} · {office ? pick(office.words) : person.office} ▾
      </button>
      {open ? <WhoChoices deskName={person.deskName} close={() => setOpen(false)} /> : null}
    </div>
  )
}

function WhoChoices({ deskName, close }: { deskName: string; close: () => void }) {
  const { end } = useSessionState()
  const { say, language, setLanguage } = useLanguage()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const navigate = useNavigate()
  const other = language === 'en' ? 'my' : 'en'
  const leave = async () => {
    await signOut().catch(() => undefined)
    end('signed-out')
    await navigate({ to: '/sign-in' })
  }
  return (
    <div className="who-menu">
      <Link to="/me" onClick={close}>
        {say('app.me')} ({deskName})
      </Link>
      <button type="button" lang={other} onClick={() => setLanguage(other)}>
        {say('app.language')}
      </button>
      <button type="button" onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}>
        {scheme === 'dark' ? say('app.light') : say('app.dark')}
      </button>
      <button type="button" onClick={() => void leave()}>
        {say('app.signOut')}
      </button>
    </div>
  )
}
