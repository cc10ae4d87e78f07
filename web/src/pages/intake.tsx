import { useQuery } from '@tanstack/react-query'
import { type IntakeOverview, intake } from '../api/intake.ts'
import { formatCount, formatInstant } from '../format.ts'
import { type Say, useLanguage } from '../language.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/state.tsx'

const LOOK_EVERY_MS = 10_000

/** What comes in from switches and partners: files, rates, lags, quarantine. Nobody's calls. */
export function IntakePage() {
  const { say } = useLanguage()
  const overview = useQuery({
    queryKey: ['intake'],
    queryFn: intake.overview,
    refetchInterval: LOOK_EVERY_MS,
  })
  return (
    <Page title={say('intake.title')} lead={say('intake.lead')}>
      <Answer query={overview}>
        {(found) => (
          <div className="stack">
            <Day found={found} />
            <Files files={found.files} />
            {found.streams.length === 0 ? null : <Streams streams={found.streams} />}
          </div>
        )}
      </Answer>
    </Page>
  )
}

function Day({ found }: { found: IntakeOverview }) {
  const { say } = useLanguage()
  const { day, waiting } = found
  const facts: [string, string][] = [
    [say('intake.files'), formatCount(day.files)],
    [say('intake.failed'), formatCount(day.failed)],
    [say('intake.records'), formatCount(day.read)],
    [say('intake.filed'), formatCount(day.filed)],
    [say('intake.rate'), formatCount(found.recordsPerSecond)],
    [say('intake.lag'), lagWords(day.longestLagSeconds, say)],
    [
      say('intake.waiting'),
      waiting.files === 0
        ? '0'
        : `${formatCount(waiting.files)}, ${say('intake.oldest', { lag: lagWords(waiting.oldestSeconds, say) })}`,
    ],
    [say('intake.quarantined'), formatCount(found.quarantined)],
  ]
  return (
    <section className="card" aria-label={say('intake.today')}>
      <h2>{say('intake.today')}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {found.watching ? null : <p className="small">{say('intake.notWatching')}</p>}
      {found.quarantined === 0 ? null : <p className="small">{say('intake.quarantineNext')}</p>}
    </section>
  )
}

function Files({ files }: { files: IntakeOverview['files'] }) {
  const { say, language } = useLanguage()
  if (files.length === 0) return <Empty says={say('intake.none')} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keys
    <section className="scroll card" tabIndex={0} aria-label={say('intake.latest')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('intake.file')}</th>
            <th scope="col">{say('intake.outcome')}</th>
            <th scope="col">{say('intake.records')}</th>
            <th scope="col">{say('intake.filed')}</th>
            <th scope="col">{say('intake.duplicate')}</th>
            <th scope="col">{say('intake.quarantined')}</th>
            <th scope="col">{say('intake.lag')}</th>
            <th scope="col">{say('intake.at')}</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <tr key={`${file.name} ${file.finishedAt}`}>
              <td>{file.name}</td>
              <td>
                <span className={file.outcome === 'done' ? 'tag' : 'tag stop'}>
                  {file.outcome === 'done'
                    ? say('intake.done')
                    : say('intake.failedBecause', { reason: file.reason ?? '' })}
                </span>
              </td>
              <td>{formatCount(file.read)}</td>
              <td>{formatCount(file.filed)}</td>
              <td>{formatCount(file.duplicate)}</td>
              <td>{formatCount(file.quarantined)}</td>
              <td>{lagWords(file.lagSeconds, say)}</td>
              <td>{formatInstant(file.finishedAt, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Streams({ streams }: { streams: IntakeOverview['streams'] }) {
  const { say, language } = useLanguage()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keys
    <section className="scroll card" tabIndex={0} aria-label={say('intake.streams')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('intake.stream')}</th>
            <th scope="col">{say('intake.records')}</th>
            <th scope="col">{say('intake.filed')}</th>
            <th scope="col">{say('intake.duplicate')}</th>
            <th scope="col">{say('intake.quarantined')}</th>
            <th scope="col">{say('intake.latestAt')}</th>
          </tr>
        </thead>
        <tbody>
          {streams.map((stream) => (
            <tr key={stream.name}>
              <td>{stream.name}</td>
              <td>{formatCount(stream.read)}</td>
              <td>{formatCount(stream.filed)}</td>
              <td>{formatCount(stream.duplicate)}</td>
              <td>{formatCount(stream.quarantined)}</td>
              <td>{formatInstant(stream.latestAt, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function lagWords(seconds: number, say: Say): string {
  if (seconds < 120) return say('intake.seconds', { n: seconds })
  if (seconds < 7200) return say('intake.minutes', { n: Math.round(seconds / 60) })
  return say('intake.hours', { n: Math.round(seconds / 3600) })
}
