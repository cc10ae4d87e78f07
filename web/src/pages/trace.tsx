import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type Rival, type Trace, traces } from '../api/traces.ts'
import { formatClock, formatCount, formatDay, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/state.tsx'

/** One answered trace: the list as it came, the rows that speak, the odds, the sentence for court. */
export function TracePage() {
  const { id } = useParams({ from: '/desk/traces/$id' })
  const { say } = useLanguage()
  const trace = useQuery({ queryKey: ['trace', id], queryFn: () => traces.get(id), gcTime: 0 })
  return (
    <Page title={say('trace.title')} crumb={trace.data === undefined ? null : <Crumb trace={trace.data} />}>
      <Answer query={trace}>{(data) => <Traced trace={data} />}</Answer>
    </Page>
  )
}

function Crumb({ trace }: { trace: Trace }) {
  const { say } = useLanguage()
  return (
    <Link to="/traces" search={{ incident: trace.incident }}>
      {say('trace.crumb', { serial: trace.serial, entry: formatCount(trace.answeredEntry) })}
    </Link>
  )
}

function Traced({ trace }: { trace: Trace }) {
  return (
    <div className="trace-grid answered">
      <section>
        <AsItCame trace={trace} />
        <HowRead trace={trace} />
      </section>
      <section>
        <RowsThatSpeak trace={trace} />
        <NotShown trace={trace} />
        <Sources trace={trace} />
        <Circumstances trace={trace} />
      </section>
      <section>
        <Verdict trace={trace} />
      </section>
    </div>
  )
}

function AsItCame({ trace }: { trace: Trace }) {
  const { say } = useLanguage()
  return (
    <>
      <h2>{say('trace.list')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className="card trace-lines" tabIndex={0} aria-label={say('trace.list')}>
        <ol className="mono">
          {trace.list.map(({ line, text, found }) => (
            <li key={line} value={line} data-found={found}>
              {text}{' '}
              {found === 'matched' ? null : <span className="small">{say(`trace.legend.${found}`)}</span>}
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}

function HowRead({ trace }: { trace: Trace }) {
  const { say } = useLanguage()
  const { how } = trace
  const facts: [string, string][] = [
    [say('trace.found'), say('trace.foundOf', { matched: how.matched, rows: how.rows })],
    [say('trace.order'), say(how.dayFirst ? 'trace.dayFirst' : 'trace.monthFirst')],
    [say('trace.zone'), say(how.zone === 'local' ? 'trace.local' : 'trace.utc')],
    [
      say('trace.flags'),
      [how.seconds, how.exact].map((kept) => say(kept ? 'trace.kept' : 'trace.lost')).join(', '),
    ],
    [say('trace.misread'), `${(how.errors * 100).toFixed(1)}%`],
    ...(how.strangers > 0 ? [[say('trace.strangers'), String(how.strangers)] as [string, string]] : []),
    ...(how.doubled > 0 ? [[say('trace.doubled'), String(how.doubled)] as [string, string]] : []),
    [say('trace.whose'), say(`trace.whose.${how.subject}`)],
    [say('trace.logs'), String(how.logsOpened)],
  ]
  return (
    <>
      <h2 className="trace-next">{say('trace.howRead')}</h2>
      <table className="small trace-facts">
        <tbody>
          {facts.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="r">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="small">
        <Link to="/traces" search={{ incident: trace.incident }}>
          {say('trace.again')}
        </Link>
      </p>
    </>
  )
}

function RowsThatSpeak({ trace }: { trace: Trace }) {
  const { say, language } = useLanguage()
  const best = trace.rivals.find(({ what }) => what === 'look')
  const title =
    best?.at == null
      ? say('trace.speak')
      : say('trace.speakFor', { at: formatInstant(best.at, language), desk: best.deskName ?? '' })
  if (trace.rows.length === 0) return <p className="state">{say('trace.noRows')}</p>
  return (
    <>
      <h2>{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keys */}
      <section className="trace-rows scroll" tabIndex={0} aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('trace.row')}</th>
              <th scope="col">{say('trace.inList')}</th>
              <th scope="col">{say('trace.inLook')}</th>
              <th scope="col">{say('trace.inOthers')}</th>
              <th scope="col" className="r">
                {say('trace.odds')}
              </th>
            </tr>
          </thead>
          <tbody>
            {trace.rows.map((row) => (
              <tr key={row.line} data-says={row.says}>
                <th scope="row">
                  {formatDay(Date.parse(`${row.day}T12:00:00Z`), language)} {row.time}
                </th>
                <td className="mono">{row.inList}</td>
                <td>
                  <span className="mono">{row.inLook ?? ''}</span>{' '}
                  <span
                    className={row.says === 'fits' ? 'proven' : row.says === 'misread' ? 'stop' : 'quiet'}
                  >
                    {say(`trace.says.${row.says}`)}
                  </span>
                </td>
                <td>{row.others === 0 ? '' : say('trace.of', { n: row.othersFit, of: row.others })}</td>
                <td className="r">× {row.factor < 10 ? row.factor.toFixed(1) : Math.round(row.factor)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

function NotShown({ trace }: { trace: Trace }) {
  const { say } = useLanguage()
  return (
    <section className="trace-box">
      <h2>{say('trace.notShow')}</h2>
      <p className="small">
        {say('trace.notShowHand')}{' '}
        {trace.how.strangers > 0 ? say('trace.notShowStrangers', { n: trace.how.strangers }) : ''}
      </p>
    </section>
  )
}

function Sources({ trace }: { trace: Trace }) {
  const { say, language } = useLanguage()
  return (
    <section className="trace-box">
      <h2>{say('trace.sources')}</h2>
      {trace.sources.length === 0 ? (
        <p className="small">{say('trace.sourcesNone')}</p>
      ) : (
        <ul className="small">
          {trace.sources.map(({ kind, at, deskName, ref }) => (
            <li key={`${kind} ${at}`}>
              {say(`trace.source.${kind}`, { at: formatInstant(at, language), desk: deskName ?? ref ?? '' })}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Circumstances({ trace }: { trace: Trace }) {
  const { say } = useLanguage()
  const facts = trace.circumstances
  if (facts === null) return null
  const sentences = [
    say(facts.confirmedByTelephony ? 'trace.onLine' : 'trace.notOnLine'),
    ...(facts.brokenGlass ? [say('trace.brokenGlass')] : []),
    say('trace.daysBefore', { days: facts.daysBefore }),
    ...(facts.rowsTotal === null
      ? []
      : [
          say('trace.rowsShown', {
            shown: facts.rowsShown,
            total: facts.rowsTotal,
            answering: facts.answering ?? 0,
          }),
        ]),
  ]
  return (
    <section className="trace-box">
      <h2>{say('trace.circumstances')}</h2>
      <p className="small">{sentences.join(' ')}</p>
    </section>
  )
}

function Verdict({ trace }: { trace: Trace }) {
  const { say, pick } = useLanguage()
  return (
    <>
      <p className="verdict">{pick(trace.headline)}</p>
      <p className="small trace-beside">{pick(trace.beside)}</p>
      <h2>{say('trace.against')}</h2>
      <Bars trace={trace} />
      <Posteriors trace={trace} />
      <section className="card trace-court">
        <h2>{say('trace.court')}</h2>
        <p>“{pick(trace.court)}”</p>
      </section>
      <Entries trace={trace} />
    </>
  )
}

/** Odds on a log scale: a bar a rival, and where naming begins. */
function Bars({ trace }: { trace: Trace }) {
  const { say } = useLanguage()
  const logs = trace.rivals.flatMap(({ log10 }) => (log10 === null ? [] : [log10]))
  const low = Math.max(-12, Math.min(-4, ...logs))
  const high = Math.max(trace.threshold + 2, ...logs)
  const place = (log10: number) => Math.min(100, Math.max(1, ((log10 - low) / (high - low)) * 100))
  return (
    <figure className="trace-bars">
      {trace.rivals.map((rival) => (
        <div className={rival.named ? 'bar named' : 'bar'} key={`${rival.what} ${rival.look ?? ''}`}>
          <span>
            <RivalName rival={rival} />
          </span>
          <div className="track" aria-hidden="true">
            <i style={{ width: rival.log10 === null ? 0 : `${place(rival.log10)}%` }} />
            <span className="threshold" style={{ left: `${place(trace.threshold)}%` }} />
          </div>
          <span className="r">{rival.log10 === null ? '–' : <Power log10={rival.log10} />}</span>
        </div>
      ))}
      <figcaption className="small">{say('trace.scale', { among: formatCount(trace.among) })}</figcaption>
    </figure>
  )
}

function RivalName({ rival }: { rival: Rival }) {
  const { say, language } = useLanguage()
  if (rival.what === 'look')
    return (
      <>
        {rival.deskName},{' '}
        {rival.at === null ? '' : formatInstant(rival.at, language).replace(/ \d\d:\d\d$/, '')}{' '}
        <span className="small">{rival.at === null ? '' : formatClock(rival.at)}</span>
      </>
    )
  return say(`trace.${rival.what}`)
}

/** `4×10⁷`, or the number itself when it is near 1. */
function Power({ log10 }: { log10: number }) {
  if (log10 > -2 && log10 < 3) return <>{Number((10 ** log10).toPrecision(2))}</>
  const whole = Math.floor(log10)
  const figure = Math.floor(10 ** (log10 - whole))
  return (
    <>
      {figure === 1 ? '' : `${figure}×`}10<sup>{String(whole).replace('-', '−')}</sup>
    </>
  )
}

function Posteriors({ trace }: { trace: Trace }) {
  const { say } = useLanguage()
  return (
    <>
      <table className="small trace-facts">
        <caption className="small">{say('trace.posterior')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('trace.outside')}</th>
            <th scope="col" className="r">
              {say('trace.then')}
            </th>
            <th scope="col" className="r">
              {say('trace.thenOutside')}
            </th>
          </tr>
        </thead>
        <tbody>
          {trace.posteriors.map(({ prior, best, outside }) => (
            <tr key={prior}>
              <th scope="row">{percent(prior)}</th>
              <td className="r">{percent(best)}</td>
              <td className="r">{percent(outside)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {trace.breakEven === null ? null : (
        <p className="small">{say('trace.breakEven', { prior: percent(trace.breakEven) })}</p>
      )}
    </>
  )
}

function Entries({ trace }: { trace: Trace }) {
  const { say } = useLanguage()
  const entry = (index: number, text: string) => (
    <li>
      <Link to="/ledger/$index" params={{ index: String(index) }}>
        {text}
      </Link>
    </li>
  )
  return (
    <section className="trace-box">
      <h2>{say('trace.entries')}</h2>
      <ul className="small">
        {entry(trace.begunEntry, say('trace.begun', { entry: formatCount(trace.begunEntry) }))}
        {entry(trace.answeredEntry, say('trace.answered', { entry: formatCount(trace.answeredEntry) }))}
        {trace.keysCommittedEntry === null ? (
          <li>{say('trace.notCommitted')}</li>
        ) : (
          entry(
            trace.keysCommittedEntry,
            say('trace.committed', { entry: formatCount(trace.keysCommittedEntry) }),
          )
        )}
      </ul>
    </section>
  )
}

/** Sure things keep a doubt: 0.9999999 is "over 99.99%". */
function percent(p: number): string {
  if (p > 0.9999) return '> 99.99%'
  if (p > 0 && p < 0.0001) return '< 0.01%'
  return `${Number((p * 100).toFixed(2))}%`
}
