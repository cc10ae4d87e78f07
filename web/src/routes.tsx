import { createRootRoute, createRoute, createRouter, Link, Navigate, Outlet } from '@tanstack/react-router'
import { desksOf } from './desks.ts'
import { useLanguage } from './language.ts'
import { ArticlePage, ArticlesPage, parseArticlesSearch } from './pages/articles.tsx'
import { Care } from './pages/care.tsx'
import { CertificatePage } from './pages/certificate.tsx'
import { ContactPage } from './pages/contact.tsx'
import { parseListSearch } from './pages/contact-list.tsx'
import { Day } from './pages/day.tsx'
import { DoorPage } from './pages/door.tsx'
import { EmploymentPage } from './pages/employment.tsx'
import { Enrol } from './pages/enrol.tsx'
import { Entrance } from './pages/entrance.tsx'
import { EntryPage } from './pages/entry.tsx'
import { ErasurePage } from './pages/erasure.tsx'
import { Frame } from './pages/frame.tsx'
import { IncidentPage } from './pages/incident.tsx'
import { IncidentsPage } from './pages/incidents.tsx'
import { IntakePage } from './pages/intake.tsx'
import { LawfulPage } from './pages/lawful.tsx'
import { LawfulKeysPage } from './pages/lawful-keys.tsx'
import { LawfulRequestPage } from './pages/lawful-request.tsx'
import { LedgerPage } from './pages/ledger.tsx'
import { Me } from './pages/me.tsx'
import { PeoplePage, parsePeopleSearch } from './pages/people.tsx'
import { PersonPage } from './pages/person.tsx'
import { CounterEntrance, CounterFrame, CounterQueue } from './pages/regulator.tsx'
import { CounterFile } from './pages/regulator-file.tsx'
import { CounterRequest } from './pages/regulator-request.tsx'
import { ReportPage } from './pages/report.tsx'
import { parseReportsSearch, ReportsPage } from './pages/reports.tsx'
import { SettingsPage } from './pages/settings.tsx'
import { ShopDevice } from './pages/shop-device.tsx'
import { Team } from './pages/team.tsx'
import { TracePage } from './pages/trace.tsx'
import { parseTracesSearch, TracesPage } from './pages/traces.tsx'
import { WatchPage } from './pages/watch.tsx'
import { useSession } from './session.tsx'
import { Empty, Trouble } from './ui/state.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing, errorComponent: Broken })
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: Entrance })
const enrol = createRoute({ getParentRoute: () => root, path: '/enrol', component: Enrol })
const shopDevice = createRoute({ getParentRoute: () => root, path: '/shop-device', component: ShopDevice })
const desk = createRoute({ getParentRoute: () => root, id: 'desk', component: Frame })

const home = createRoute({ getParentRoute: () => desk, path: '/', component: Home })
const care = createRoute({
  getParentRoute: () => desk,
  path: '/care',
  component: Care,
  validateSearch: parseListSearch,
})
const contact = createRoute({
  getParentRoute: () => desk,
  path: '/care/contacts/$id',
  component: ContactPage,
})
const day = createRoute({ getParentRoute: () => desk, path: '/day', component: Day })
const team = createRoute({
  getParentRoute: () => desk,
  path: '/team',
  component: Team,
  validateSearch: parseListSearch,
})

const reports = createRoute({
  getParentRoute: () => desk,
  path: '/reports',
  component: ReportsPage,
  validateSearch: parseReportsSearch,
})
const report = createRoute({ getParentRoute: () => desk, path: '/reports/$id', component: ReportPage })
const watchPage = createRoute({ getParentRoute: () => desk, path: '/watch', component: WatchPage })
const tracesList = createRoute({
  getParentRoute: () => desk,
  path: '/traces',
  component: TracesPage,
  validateSearch: parseTracesSearch,
})
const trace = createRoute({ getParentRoute: () => desk, path: '/traces/$id', component: TracePage })
const employment = createRoute({
  getParentRoute: () => desk,
  path: '/employment',
  component: EmploymentPage,
})
const incidentBoard = createRoute({
  getParentRoute: () => desk,
  path: '/incidents',
  component: IncidentsPage,
})
const incidentCase = createRoute({
  getParentRoute: () => desk,
  path: '/incidents/$id',
  component: IncidentPage,
})
const lawful = createRoute({ getParentRoute: () => desk, path: '/lawful', component: LawfulPage })
const lawfulKeys = createRoute({
  getParentRoute: () => desk,
  path: '/lawful/keys',
  component: LawfulKeysPage,
})
const lawfulRequest = createRoute({
  getParentRoute: () => desk,
  path: '/lawful/$id',
  component: LawfulRequestPage,
})
const certificate = createRoute({
  getParentRoute: () => desk,
  path: '/certificate',
  component: CertificatePage,
})
const door = createRoute({ getParentRoute: () => desk, path: '/door', component: DoorPage })

const counterSignIn = createRoute({
  getParentRoute: () => root,
  path: '/regulator/sign-in',
  component: CounterEntrance,
})
const counter = createRoute({ getParentRoute: () => root, id: 'counter', component: CounterFrame })
const counterQueue = createRoute({
  getParentRoute: () => counter,
  path: '/regulator',
  component: CounterQueue,
})
const counterFile = createRoute({
  getParentRoute: () => counter,
  path: '/regulator/file',
  component: CounterFile,
})
const counterRequest = createRoute({
  getParentRoute: () => counter,
  path: '/regulator/requests/$id',
  component: CounterRequest,
})
const ledger = createRoute({ getParentRoute: () => desk, path: '/ledger', component: LedgerPage })
const entry = createRoute({ getParentRoute: () => desk, path: '/ledger/$index', component: EntryPage })

const peopleList = createRoute({
  getParentRoute: () => desk,
  path: '/people',
  component: PeoplePage,
  validateSearch: parsePeopleSearch,
})
const person = createRoute({ getParentRoute: () => desk, path: '/people/$id', component: PersonPage })
const erasure = createRoute({ getParentRoute: () => desk, path: '/erasure', component: ErasurePage })
const intake = createRoute({ getParentRoute: () => desk, path: '/intake', component: IntakePage })
const articles = createRoute({
  getParentRoute: () => desk,
  path: '/articles',
  component: ArticlesPage,
  validateSearch: parseArticlesSearch,
})
const article = createRoute({ getParentRoute: () => desk, path: '/articles/$slug', component: ArticlePage })
const settings = createRoute({ getParentRoute: () => desk, path: '/settings', component: SettingsPage })
const me = createRoute({ getParentRoute: () => desk, path: '/me', component: Me })

/** Every page of the console, by its address. */
export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    enrol,
    shopDevice,
    counterSignIn,
    counter.addChildren([counterQueue, counterFile, counterRequest]),
    desk.addChildren([
      home,
      care,
      contact,
      day,
      team,
      lawful,
      lawfulKeys,
      lawfulRequest,
      door,
      certificate,
      reports,
      report,
      watchPage,
      employment,
      incidentBoard,
      incidentCase,
      tracesList,
      trace,
      ledger,
      entry,
      peopleList,
      person,
      erasure,
      intake,
      articles,
      article,
      settings,
      me,
    ]),
  ]),
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** A person's first desk is their home. */
function Home() {
  const { actions } = useSession()
  const first = desksOf(actions)[0]
  return <Navigate to={first?.to ?? '/articles'} />
}

function Missing() {
  const { say } = useLanguage()
  return (
    <main className="entrance stack">
      <h1>{say('state.missing')}</h1>
      <Empty says={say('state.missingNext')}>
        <p>
          <Link to="/">{say('state.home')}</Link>
        </p>
      </Empty>
    </main>
  )
}

function Broken({ error }: { error: unknown }) {
  const { say } = useLanguage()
  return (
    <main className="entrance stack">
      <h1>{say('state.failed')}</h1>
      <Trouble error={error} />
    </main>
  )
}
