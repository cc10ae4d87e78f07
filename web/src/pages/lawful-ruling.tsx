import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type DeskView, type LawfulFrame, lawful, type Scope } from '../api/lawful.ts'
import { formatCount, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { dayOfSecond, dayStart } from '../lawful-words.ts'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'
import { PackageCard } from './lawful-package.tsx'

const LETTERS = 40
const DAY_SECONDS = 86_400

function askedScope({ filing }: DeskView): Scope {
  return {
    parts: filing.identifiers.map(({ from, until }, identifier) => ({ identifier, from, until })),
    fields: filing.fields,
  }
}

/** What can be approved at all: telephone numbers; the rest is struck out from the start. */
function firstScope(request: DeskView): Scope {
  if (request.first?.answer.kind === 'approve') return request.first.answer.scope
  const asked = askedScope(request)
  const isNumber = (n: number) => request.filing.identifiers[n]?.type === 'msisdn'
  return { ...asked, parts: asked.parts.filter(({ identifier }) => isNumber(identifier)) }
}

/** What would leave, the two keys, and what can be done now. */
export function Keys({ request, frame }: { request: DeskView; frame: LawfulFrame }) {
  const [scope, setScope] = useState(() => firstScope(request))
  const rules = request.may.includes('rule') || request.may.includes('second')
  return (
    <>
      <Leaves request={request} scope={request.scope ?? scope} />
      {rules ? <Narrow request={request} scope={scope} change={setScope} /> : null}
      <TwoKeys request={request} frame={frame} scope={scope} />
      <PackageCard request={request} />
    </>
  )
}

function Leaves({ request, scope }: { request: DeskView; scope: Scope }) {
  const { say } = useLanguage()
  const counts = useMutation({
    mutationFn: async () => ({
      asked: await lawful.count(request.id, askedScope(request)),
      ruled: await lawful.count(request.id, scope),
    }),
  })
  const about = (n: number) => (n < 10 ? String(n) : `≈ ${formatCount(Number(n.toPrecision(1)))}`)
  return (
    <section className="card stack">
      <h2>{say('lawful.leaves')}</h2>
      {counts.data ? (
        <table>
          <thead>
            <tr>
              <td />
              <th className="r" scope="col">
                {say('lawful.asked')}
              </th>
              <th className="r" scope="col">
                {say('lawful.ruled')}
              </th>
            </tr>
          </thead>
          <tbody>
            {(['numbers', 'days', 'rows', 'people', 'fields'] as const).map((name) => (
              <tr key={name}>
                <th scope="row">{say(`lawful.count.${name}`)}</th>
                <td className="r struck">
                  {name === 'rows' || name === 'people'
                    ? about(counts.data.asked[name])
                    : counts.data.asked[name]}
                </td>
                <td className="r">
                  <b>{formatCount(counts.data.ruled[name])}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <p className="small">{say('lawful.countsOnly')}</p>
      {request.state === 'reviewing' ? (
        <Act busy={counts.isPending} onClick={() => counts.mutate()}>
          {say('lawful.countAct')}
        </Act>
      ) : null}
      {counts.isError ? <Trouble error={counts.error} /> : null}
    </section>
  )
}

function Narrow({
  request,
  scope,
  change,
}: {
  request: DeskView
  scope: Scope
  change: (scope: Scope) => void
}) {
  const { say } = useLanguage()
  const { filing } = request
  const partOf = (n: number) => scope.parts.find(({ identifier }) => identifier === n)
  const keep = (n: number, on: boolean) => {
    const { from, until } = filing.identifiers[n]!
    const others = scope.parts.filter(({ identifier }) => identifier !== n)
    change({ ...scope, parts: on ? [...others, { identifier: n, from, until }] : others })
  }
  const move = (n: number, set: { from?: number; until?: number }) => {
    const asked = filing.identifiers[n]!
    const part = { ...partOf(n)!, ...set }
    const clipped = {
      ...part,
      from: Math.max(asked.from, part.from),
      until: Math.min(asked.until, part.until),
    }
    change({ ...scope, parts: [...scope.parts.filter(({ identifier }) => identifier !== n), clipped] })
  }
  return (
    <section className="card stack">
      <h2>{say('lawful.narrow')}</h2>
      {filing.identifiers.map((one, n) => {
        const part = partOf(n)
        return (
          <div key={`${one.value}${one.from}`} className="stack tight">
            <Checkbox
              label={say('lawful.keep', { what: one.value })}
              checked={part !== undefined}
              onChange={(event) => keep(n, event.currentTarget.checked)}
            />
            {part === undefined ? null : (
              <div className="fields">
                <TextInput
                  type="date"
                  label={say('lawful.from')}
                  value={dayOfSecond(part.from)}
                  onChange={(event) =>
                    event.currentTarget.value && move(n, { from: dayStart(event.currentTarget.value) })
                  }
                />
                <TextInput
                  type="date"
                  label={say('lawful.until')}
                  value={dayOfSecond(part.until - 1)}
                  onChange={(event) =>
                    event.currentTarget.value &&
                    move(n, { until: dayStart(event.currentTarget.value) + DAY_SECONDS })
                  }
                />
              </div>
            )}
          </div>
        )
      })}
      {filing.fields.map((field) => (
        <Checkbox
          key={field}
          label={say(`lawful.field.${field}`)}
          checked={scope.fields.includes(field)}
          onChange={(event) => {
            const on = event.currentTarget.checked
            change({
              ...scope,
              fields: filing.fields.filter((f) => (f === field ? on : scope.fields.includes(f))),
            })
          }}
        />
      ))}
    </section>
  )
}

function TwoKeys({ request, frame, scope }: { request: DeskView; frame: LawfulFrame; scope: Scope }) {
  const { say, language } = useLanguage()
  const [reasons, setReasons] = useState('')
  const first = request.may.includes('rule')
  const second = request.may.includes('second')
  const turn = useChange(
    () => (first ? lawful.rule : lawful.second)(request.id, { kind: 'approve', scope }, reasons.trim()),
    ['lawful'],
    () => setReasons(''),
  )
  const who = (key: DeskView['first']) =>
    key === null
      ? say('lawful.notYet')
      : say('lawful.ruledBy', {
          name: key.by?.name ?? '',
          desk: key.by?.deskName ?? '',
          at: formatInstant(key.at, language),
        })
  const why = reasons.trim().length < LETTERS ? say('lawful.reasonsShort') : null
  return (
    <section className="card stack">
      <h2>{say('lawful.keysTitle')}</h2>
      <dl className="facts">
        <dt>{say('lawful.firstKey')}</dt>
        <dd>
          {who(request.first)}
          <span className="sub">{request.first?.reasons ?? ''}</span>
        </dd>
        <dt>{say('lawful.secondKey')}</dt>
        <dd>
          {who(request.second)}
          <span className="sub">{request.second?.reasons ?? ''}</span>
        </dd>
      </dl>
      <p className="small">{say('lawful.narrower')}</p>
      {request.whyNot.second ? <p className="small">{request.whyNot.second}</p> : null}
      {first || second ? (
        <>
          <Textarea
            label={say('lawful.reasonsLabel')}
            value={reasons}
            maxLength={4000}
            minRows={2}
            autosize
            onChange={(event) => setReasons(event.currentTarget.value)}
          />
          <Act tone="main" wide busy={turn.isPending} why={why} onClick={() => turn.mutate(undefined)}>
            {say(first ? 'lawful.rule' : 'lawful.turnSecond')}
          </Act>
          {turn.isError ? <Trouble error={turn.error} /> : null}
          <Refuse request={request} frame={frame} first={first} />
        </>
      ) : null}
      {request.may.includes('return') ? <GiveBack request={request} /> : null}
    </section>
  )
}

function Refuse({ request, frame, first }: { request: DeskView; frame: LawfulFrame; first: boolean }) {
  const { say, pick } = useLanguage()
  const [open, setOpen] = useState(false)
  const grounds = frame.grounds.filter(({ by }) => by !== 'filter')
  const [ground, setGround] = useState(grounds[0]?.id ?? '')
  const [reasons, setReasons] = useState('')
  const refuse = useChange(
    () => (first ? lawful.rule : lawful.second)(request.id, { kind: 'refuse', ground }, reasons.trim()),
    ['lawful'],
    () => setOpen(false),
  )
  return (
    <>
      <Act wide tone="stop" onClick={() => setOpen(true)}>
        {say('lawful.refuse')}
      </Act>
      <Dialog
        title={say('lawful.refuse')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => refuse.mutate(undefined)}
        act={say('lawful.refuse')}
        tone="stop"
        why={reasons.trim().length < LETTERS ? say('lawful.reasonsShort') : null}
        busy={refuse.isPending}
      >
        <p className="small">{say('lawful.refuseLead')}</p>
        <NativeSelect
          label={say('lawful.ground')}
          value={ground}
          onChange={(event) => setGround(event.currentTarget.value)}
          data={grounds.map(({ id, words }) => ({ value: id, label: pick(words) }))}
        />
        <Textarea
          label={say('lawful.reasonsLabel')}
          value={reasons}
          maxLength={4000}
          minRows={3}
          autosize
          onChange={(event) => setReasons(event.currentTarget.value)}
        />
        {refuse.isError ? <Trouble error={refuse.error} /> : null}
      </Dialog>
    </>
  )
}

function GiveBack({ request }: { request: DeskView }) {
  const { say } = useLanguage()
  const [open, setOpen] = useState(false)
  const [missing, setMissing] = useState('')
  const list = missing
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= 3)
  const giveBack = useChange(
    () => lawful.giveBack(request.id, list, list.join('; ')),
    ['lawful'],
    () => setOpen(false),
  )
  return (
    <>
      <Act wide onClick={() => setOpen(true)}>
        {say('lawful.return')}
      </Act>
      <Dialog
        title={say('lawful.return')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => giveBack.mutate(undefined)}
        act={say('lawful.return')}
        why={list.length === 0 ? say('lawful.missingNone') : null}
        busy={giveBack.isPending}
      >
        <Textarea
          label={say('lawful.missing')}
          value={missing}
          maxLength={3000}
          minRows={3}
          autosize
          onChange={(event) => setMissing(event.currentTarget.value)}
        />
        {giveBack.isError ? <Trouble error={giveBack.error} /> : null}
      </Dialog>
    </>
  )
}
