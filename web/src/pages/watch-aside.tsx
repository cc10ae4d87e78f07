import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { OFFICES } from '../../../src/staff/staff.ts'
import { type WatchView, watch } from '../api/watch.ts'
import { formatCount, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useChange } from '../ui/mutate.ts'
import { useOffice } from '../ui/office.ts'
import { Trouble } from '../ui/state.tsx'

/** How good the list has been, how offices go, what chance found, and who is not watched. People are in none of it. */
export function WatchAside({ view }: { view: WatchView }) {
  return (
    <div className="stack">
      <Precision precision={view.precision} />
      <Trend trend={view.trend} />
      <Audit audit={view.audit} />
      <Offices off={view.off} />
    </div>
  )
}

function Precision({ precision }: { precision: WatchView['precision'] }) {
  const { say } = useLanguage()
  const { of, led, last, promisedPerThousand } = precision
  return (
    <section className="card">
      <h2>{say('watch.good')}</h2>
      {of === 0 ? (
        <p>{say('watch.noVerdicts')}</p>
      ) : (
        <>
          <p>
            <b className="big">{say('watch.led', { led, of })}</b> {say('watch.ledSays')}
          </p>
          <p aria-hidden="true" className="ticks">
            {last.map((verdict, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: verdicts have no name but their place
              <span key={at} className={verdict === 'fine' ? 'tick' : 'tick led'} />
            ))}
          </p>
          <p className="small">
            {say('watch.lastVerdicts', {
              of,
              list: last.map((verdict) => say(`watch.verdict.${verdict}`)).join(', '),
            })}
          </p>
        </>
      )}
      <p className="small">{say('watch.promise', { rate: promisedPerThousand })}</p>
    </section>
  )
}

const WIDTH = 260
const HEIGHT = 90

function Trend({ trend }: { trend: WatchView['trend'] }) {
  const { say } = useLanguage()
  const office = useOffice()
  const offices = trend.filter(({ team }) => team === null)
  const teams = trend.filter(({ team }) => team !== null)
  const most = Math.max(1, ...offices.flatMap(({ perThousand }) => perThousand.map((rate) => rate ?? 0)))
  const sentence = (line: WatchView['trend'][number], who: string) =>
    say('watch.trendLine', {
      who,
      last: Math.round(line.perThousand.findLast((rate) => rate !== null) ?? 0),
      looks: formatCount(line.looks),
    })
  return (
    <section className="card">
      <h2>{say('watch.trend')}</h2>
      {offices.length === 0 ? (
        <p>{say('watch.trendNone')}</p>
      ) : (
        <>
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 8}`} className="trend" aria-hidden="true">
            {offices.map((line, at) => (
              <polyline
                key={line.office}
                className={`trend-${at % 3}`}
                points={line.perThousand
                  .flatMap((rate, week) =>
                    rate === null
                      ? []
                      : [`${(week * WIDTH) / 5},${Math.round(HEIGHT - (rate / most) * (HEIGHT - 8))}`],
                  )
                  .join(' ')}
              />
            ))}
            <line x1="0" x2={WIDTH} y1={HEIGHT + 4} y2={HEIGHT + 4} />
          </svg>
          <p className="line between small">
            <span>{say('watch.trendFrom')}</span>
            <span>{say('watch.trendTo')}</span>
          </p>
          <ul className="legend">
            {offices.map((line, at) => (
              <li key={line.office} className={`legend-${at % 3}`}>
                {sentence(line, office(line.office))}
              </li>
            ))}
          </ul>
          <details>
            <summary>{say('watch.trendTeams')}</summary>
            <ul className="legend">
              {teams.map((line) => (
                <li key={`${line.office} ${line.team}`}>{sentence(line, line.team ?? '')}</li>
              ))}
            </ul>
          </details>
        </>
      )}
    </section>
  )
}

function Audit({ audit }: { audit: WatchView['audit'] }) {
  const { say } = useLanguage()
  const { judged, found, atMost } = audit
  const bound = atMost === null ? '' : say('watch.chanceAtMost', { percent: (100 * atMost).toFixed(1) })
  return (
    <section className="card">
      <h2>{say('watch.chance')}</h2>
      <p className="small">
        {judged === 0 ? say('watch.chanceNone') : say('watch.chanceSome', { judged, found, atMost: bound })}
      </p>
    </section>
  )
}

function Offices({ off }: { off: WatchView['off'] }) {
  const { say, language } = useLanguage()
  const may = useMay()
  const office = useOffice()
  const [asked, setAsked] = useState<{ to: 'off' | 'on'; office: string } | null>(null)
  const [reason, setReason] = useState('')
  const change = useChange(
    (to: { to: 'off' | 'on'; office: string }) => watch.switchOffice(to.to, to.office, reason.trim()),
    ['watch'],
    () => {
      setAsked(null)
      setReason('')
    },
  )
  const actOf = (to: 'off' | 'on', id: string) =>
    say(to === 'off' ? 'watch.turnOff' : 'watch.turnOn', { office: office(id) })
  return (
    <section className="card">
      <h2>{say('watch.offices')}</h2>
      <ul className="list">
        {OFFICES.map(({ id }) => {
          const is = off.find((one) => one.office === id)
          const to = is === undefined ? 'off' : 'on'
          return (
            <li key={id} className="stack tight">
              <span>
                {office(id)}{' '}
                <span className={is === undefined ? 'small' : 'stop small'}>
                  {is === undefined
                    ? say('watch.isOn')
                    : say('watch.isOff', {
                        at: formatInstant(is.since, language),
                        by: is.by,
                        reason: is.reason,
                      })}
                </span>
              </span>
              {may('switch-watch') ? (
                <Act tone="plain" onClick={() => setAsked({ to, office: id })}>
                  {actOf(to, id)}
                </Act>
              ) : null}
            </li>
          )
        })}
      </ul>
      <Dialog
        title={asked === null ? '' : actOf(asked.to, asked.office)}
        open={asked !== null}
        onClose={() => setAsked(null)}
        onSubmit={() => asked !== null && change.mutate(asked)}
        act={asked === null ? '' : actOf(asked.to, asked.office)}
        tone={asked?.to === 'off' ? 'stop' : 'main'}
        why={reason.trim().length < 10 ? say('watch.reasonShort') : null}
        busy={change.isPending}
      >
        <p>{asked?.to === 'off' ? say('watch.offSays') : say('watch.onSays')}</p>
        <Textarea
          label={say('watch.because')}
          value={reason}
          maxLength={1000}
          autosize
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {change.isError ? <Trouble error={change.error} /> : null}
      </Dialog>
    </section>
  )
}
