import type { Bill } from '../api/care.ts'
import { formatCharge, formatCount, formatDay } from '../format.ts'
import { useLanguage } from '../language.ts'

const WIDTH = 690
const BASE = 72

/** The bill as a sentence, a bar for each day and a line of categories; what is unusual is dark. */
export function BillPicture({ bill }: { bill: Bill }) {
  const { pick } = useLanguage()
  return (
    <>
      <p className="answer">{pick(bill.headline)}</p>
      <DayBars bill={bill} />
      <Categories bill={bill} />
      {bill.others.length > 0 ? <OtherCharges bill={bill} /> : null}
    </>
  )
}

/** What is charged beside calls, and the sum of both: the bill as a whole. */
function OtherCharges({ bill }: { bill: Bill }) {
  const { say, pick, language } = useLanguage()
  return (
    <div className="small">
      <ul aria-label={say('bill.others')}>
        {bill.others.map((charge, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a charge has no name of its own, and the list never moves
          <li key={`${charge.day} ${at}`}>
            {formatDay(noon(charge.day), language)} · {pick(charge.label)} {formatCharge(charge.amountMilli)}
          </li>
        ))}
      </ul>
      <p>{say('bill.whole', { whole: formatCharge(bill.wholeMilli), currency: pick(bill.currency) })}</p>
    </div>
  )
}

const noon = (day: string): number => Date.parse(`${day}T06:00:00Z`)

function DayBars({ bill }: { bill: Bill }) {
  const { say, pick, language } = useLanguage()
  const step = WIDTH / Math.max(1, bill.days.length)
  const most = Math.max(1, ...bill.days.map((d) => d.chargeMilli))
  const height = (milli: number) => (milli <= 0 ? 1 : Math.max(2, (milli / most) * 62))
  const lit = bill.days.map((d, i) => (d.lit ? i : -1)).filter((i) => i >= 0)
  const middle = lit.length === 0 ? 0 : ((lit[0]! + lit[lit.length - 1]!) / 2) * step + step / 3
  const first = bill.days[0]
  const last = bill.days[bill.days.length - 1]
  const label = say('bill.chart', { month: pick(bill.grant.monthLabel) })
  return (
    <figure className="bars">
      <svg viewBox={`0 0 ${WIDTH} 92`} preserveAspectRatio="none" role="img" aria-label={label}>
        {bill.days.map((day, i) => (
          <rect
            key={day.day}
            x={i * step}
            y={BASE - height(day.chargeMilli)}
            width={step * 0.67}
            height={height(day.chargeMilli)}
            fill={day.lit ? 'var(--ink)' : 'var(--data-2)'}
          >
            <title>
              {say('bill.day', {
                day: formatDay(noon(day.day), language),
                charge: formatCharge(day.chargeMilli),
                currency: pick(bill.currency),
                records: formatCount(day.records),
              })}
            </title>
          </rect>
        ))}
        <line x1="0" x2={WIDTH} y1={BASE + 0.5} y2={BASE + 0.5} stroke="var(--rule)" />
      </svg>
      <figcaption className="axis" aria-hidden="true">
        <span>{first ? formatDay(noon(first.day), language) : ''}</span>
        {bill.litCaption ? (
          <b style={{ left: `${Math.min(88, Math.max(12, (middle / WIDTH) * 100))}%` }}>
            {pick(bill.litCaption)}
          </b>
        ) : null}
        <span>{last ? Number(last.day.slice(8)) : ''}</span>
      </figcaption>
    </figure>
  )
}

function Categories({ bill }: { bill: Bill }) {
  const { say, pick } = useLanguage()
  const parts = bill.categories.filter((c) => c.chargeMilli > 0)
  const ring = 2 * Math.PI * 15
  const shades = ['var(--ink)', 'var(--data)', 'var(--data-2)', 'var(--data-3)', 'var(--rule-strong)']
  let before = 0
  return (
    <div className="categories">
      <svg viewBox="0 0 40 40" width="40" height="40" role="img" aria-label={say('bill.categories')}>
        {parts.map((part, i) => {
          const length = (part.chargeMilli / Math.max(1, bill.totalMilli)) * ring
          const offset = before
          before += length
          return (
            <circle
              key={part.category}
              cx="20"
              cy="20"
              r="15"
              fill="none"
              strokeWidth="8"
              stroke={shades[Math.min(i, shades.length - 1)]}
              strokeDasharray={`${Math.max(0, length - 0.6)} ${ring}`}
              strokeDashoffset={-offset}
              transform="rotate(-90 20 20)"
            />
          )
        })}
      </svg>
      <p className="small">
        {parts.map((part, i) => (
          <span key={part.category}>
            {i > 0 ? ' · ' : ''}
            {part.unusual ? (
              <b>
                {pick(part.label)} {formatCharge(part.chargeMilli)}
              </b>
            ) : (
              `${pick(part.label)} ${formatCharge(part.chargeMilli)}`
            )}
          </span>
        ))}{' '}
        {pick(bill.currency)}
      </p>
    </div>
  )
}
