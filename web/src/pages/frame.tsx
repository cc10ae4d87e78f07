import { Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { Link, Navigate, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { OFFICES } from '../../../src/staff/staff.ts'
import { type Session, signOut } from '../api/session.ts'
import { DESKS, desksOf } from '../desks.ts'
import { useLanguage } from '../language.ts'
import { useSessionState } from '../session.tsx'
import { Mark } from '../ui/mark.tsx'
import { Empty } from '../ui/state.tsx'
import { Find, openFind } from './find.tsx'
import { Foot } from './foot.tsx'
import { Waiting } from './waiting.tsx'

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
        {isShut(path, session.actions) ? (
          <Empty says={say('state.notYours')} next={say('state.notYoursNext')} />
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
  const { session, end } = useSessionState()
  const { say, pick, language, setLanguage } = useLanguage()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const navigate = useNavigate()
  if (session === null) return null
  const office = OFFICES.find((o) => o.id === session.person.office)
  const leave = async () => {
    await signOut().catch(() => undefined)
    end('signed-out')
    await navigate({ to: '/sign-in' })
  }
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button type="button" className="who">
          {session.person.name} · {office ? pick(office.words) : session.person.office} ▾
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/me">
          {say('app.me')} ({session.person.deskName})
        </Menu.Item>
        <Menu.Item
          lang={language === 'en' ? 'my' : 'en'}
          onClick={() => setLanguage(language === 'en' ? 'my' : 'en')}
        >
          {say('app.language')}
        </Menu.Item>
        <Menu.Item onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}>
          {scheme === 'dark' ? say('app.light') : say('app.dark')}
        </Menu.Item>
        <Menu.Item onClick={() => void leave()}>{say('app.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
