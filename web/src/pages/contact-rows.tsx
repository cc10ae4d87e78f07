import { notifications } from '@mantine/notifications'
import type { SyntheticEvent } from 'react'
import type { Row } from '../api/care.ts'
import { formatCharge, formatDay } from '../format.ts'
import { useLanguage } from '../language.ts'
import type { Look } from '../look.ts'
import { Act } from '../ui/act.tsx'
import { Empty, Trouble } from '../ui/state.tsx'
import { Watermark } from '../ui/watermark.tsx'
import type { Asked } from './contact.tsx'

interface PrivateRowsProps {
  look: Look
  asked: Asked
  setAsked: (asked: Asked) => void
}

/** The amber panel: private rows, masked, under a watermark; not to be copied, saved or printed. */
export function PrivateRows({ look, asked, setAsked }: PrivateRowsProps) {
  const { say, pick } = useLanguage()
  const { grant, shown } = look
  if (grant === null) return null
  if (shown.page === 0)
    return (
      <div className="rows-offer">
        <Act
          busy={look.busy}
          why={grant.opens.rows ? null : grant.why ? pick(grant.why) : null}
          onClick={look.readRows}
        >
          {say('rows.show')}
        </Act>
        <p className="small">{grant.opens.rows ? say('rows.tell') : ''}</p>
        {look.rowsError ? <Trouble error={look.rowsError} retry={look.readRows} /> : null}
      </div>
    )
  if (shown.rows.length === 0) return <Empty says={say('rows.none')} />
  const refuse = (event: SyntheticEvent) => {
    event.preventDefault()
    notifications.show({ message: say('copy.refused') })
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it listens only to refuse copying */}
      <div className="rows" onCopy={refuse} onCut={refuse} onDragStart={refuse} onContextMenu={refuse}>
        <header>
          <span>{shown.band ? pick(shown.band) : ''}</span>
          <span>{say('rows.sees')}</span>
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keys */}
        <section className="rows-body" tabIndex={0} aria-label={say('rows.label')}>
          <Watermark text={grant.watermark} />
          <RowTable
            rows={shown.rows}
            money={shown.bill ? pick(shown.bill.currency) : ''}
            picking={asked === 'picking'}
            setAsked={setAsked}
          />
        </section>
      </div>
      <div className="small rows-foot">
        {shown.page < shown.pages ? (
          <>
            <Act tone="plain" busy={look.busy} onClick={look.readRows}>
              {say('rows.more')}
            </Act>
            <span>{say('rows.moreTell')}</span>
          </>
        ) : (
          say('rows.allShown')
        )}
      </div>
      {look.rowsError ? <Trouble error={look.rowsError} /> : null}
    </>
  )
}

interface RowTableProps {
  rows: readonly Row[]
  /** How the currency is written. */
  money: string
  picking: boolean
  setAsked: (asked: Asked) => void
}

function RowTable({ rows, money, picking, setAsked }: RowTableProps) {
  const { say } = useLanguage()
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say('rows.start')}</th>
          <th scope="col">{say('rows.other')}</th>
          <th scope="col">{say('rows.number')}</th>
          <th scope="col" className="r">
            {say('rows.lasted')}
          </th>
          <th scope="col" className="r">
            {money}
          </th>
          <th scope="col">{say('rows.why')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <RowLine key={row.row} row={row} picking={picking} setAsked={setAsked} />
        ))}
      </tbody>
    </table>
  )
}

function RowLine({
  row,
  picking,
  setAsked,
}: {
  row: Row
  picking: boolean
  setAsked: (asked: Asked) => void
}) {
  const { say, pick, language } = useLanguage()
  const when = `${formatDay(Date.parse(`${row.day}T06:00:00Z`), language)} ${row.start}`
  const way =
    row.direction === 'in' ? say('rows.in') : row.direction === 'forwarded' ? say('rows.forwarded') : ''
  const canAsk = picking && row.digits !== null && !row.unmasked
  return (
    <tr className={row.answers ? 'answers' : ''}>
      <td>{when}</td>
      <td>
        {row.letter ? <span className={`letter ${row.answers ? 'a' : ''}`}>{row.letter}</span> : null}
        {pick(row.typeLabel)}
        {way || !row.answered ? (
          <span className="small">
            {' '}
            {[way, row.answered ? '' : say('rows.missed')].filter(Boolean).join(', ')}
          </span>
        ) : null}
      </td>
      <td>
        {canAsk ? (
          <button type="button" className="chip" onClick={() => setAsked({ row: row.row, label: when })}>
            {say('rows.ask')}
          </button>
        ) : (
          <Digits row={row} />
        )}
      </td>
      <td className="r">{pick(row.lasted)}</td>
      <td className="r">{row.chargeMilli === null ? '' : formatCharge(row.chargeMilli)}</td>
      <td className="small">{pick(row.why)}</td>
    </tr>
  )
}

function Digits({ row }: { row: Row }) {
  const { say } = useLanguage()
  if (row.digits === null) return null
  if (row.unmasked) return <b className="full">{row.digits}</b>
  const seen = [...row.digits].filter((c) => c !== '•').join(', ')
  return (
    <>
      <span className="digits" aria-hidden="true">
        {[...row.digits].map((c, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a position in a number is its name
          <span key={i} className={c === '•' ? 'h' : 'd'}>
            {c}
          </span>
        ))}
      </span>
      <span className="unseen">{say('rows.unseen', { digits: seen })}</span>
    </>
  )
}
