import { FileInput, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type ColumnRole, type Correction, type GivenList, type ListReading, traces } from '../api/traces.ts'
import { formatCount, formatInstant } from '../format.ts'
import { useLanguage, type WordKey } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Trouble } from '../ui/state.tsx'

const COLUMN_ROLES = ['when', 'day', 'time', 'party', 'length', 'charge', 'ignore'] as const
const MOST_BYTES = 4 * 1024 * 1024

/** The address says which incident; never a list, never a number. */
export function parseTracesSearch(search: Record<string, unknown>): { incident?: string } {
  const { incident } = search
  return typeof incident === 'string' && /^[\w.-]{1,64}$/.test(incident) ? { incident } : {}
}

/** A found list: as it came on the left, as it is understood in the middle, what will be asked on the right. */
export function TracesPage() {
  const { say } = useLanguage()
  const may = useMay()
  const { incident = '' } = useSearch({ from: '/desk/traces' })
  return (
    <Page title={say('trace.title')} lead={say('trace.lead')}>
      {may('run-trace') ? <NewTrace incident={incident} /> : null}
      {incident === '' ? null : <Earlier incident={incident} />}
    </Page>
  )
}

interface Handed {
  readonly list: GivenList
  readonly name: string | null
}

function NewTrace({ incident }: { incident: string }) {
  const { say } = useLanguage()
  const navigate = useNavigate()
  const [handed, setHanded] = useState<Handed>({ list: { text: '' }, name: null })
  const [correction, setCorrection] = useState<Correction>({})
  const [named, setNamed] = useState(incident)
  const [subject, setSubject] = useState('')
  const reading = useMutation({
    mutationFn: (next: Correction) => traces.read(handed.list, next),
    onMutate: setCorrection,
  })
  const tracing = useMutation({
    mutationFn: () =>
      traces.trace({ list: handed.list, correction, incident: named.trim(), subject: subject.trim() }),
    onSuccess: ({ id }) => navigate({ to: '/traces/$id', params: { id } }),
  })
  const hand = (next: Handed) => {
    setHanded(next)
    reading.reset()
    setCorrection({})
  }
  const empty = 'text' in handed.list && handed.list.text.trim() === ''
  const why =
    reading.data === undefined
      ? say('trace.readFirst')
      : named.trim() === ''
        ? say('trace.incidentWhy')
        : null
  return (
    <div className="trace-grid">
      <section className="stack">
        <ListBox handed={handed} hand={hand} />
        <Act
          busy={reading.isPending}
          why={empty ? say('trace.listWhy') : null}
          onClick={() => reading.mutate({})}
        >
          {say('trace.read')}
        </Act>
        {reading.isError ? <Trouble error={reading.error} /> : null}
      </section>
      <section>
        <h2>{say('trace.understood')}</h2>
        {reading.data ? (
          <Understood read={reading.data} correction={correction} correct={(next) => reading.mutate(next)} />
        ) : (
          <p className="small">{say('trace.understoodNot')}</p>
        )}
      </section>
      <section className="stack">
        <h2>{say('trace.answer')}</h2>
        <p className="small">{say('trace.answerNot')}</p>
        <TextInput
          label={say('trace.incident')}
          value={named}
          maxLength={64}
          onChange={(event) => setNamed(event.currentTarget.value)}
        />
        <TextInput
          label={say('trace.subject')}
          description={say('trace.subjectHint')}
          value={subject}
          maxLength={64}
          inputMode="tel"
          autoComplete="off"
          onChange={(event) => setSubject(event.currentTarget.value)}
        />
        <Act tone="main" busy={tracing.isPending} why={why} onClick={() => tracing.mutate()}>
          {say('trace.go')}
        </Act>
        <p className="small">{say('trace.goTell')}</p>
        {tracing.isError ? <Trouble error={tracing.error} /> : null}
      </section>
    </div>
  )
}

function ListBox({ handed, hand }: { handed: Handed; hand: (next: Handed) => void }) {
  const { say } = useLanguage()
  const [tooLarge, setTooLarge] = useState(false)
  const take = async (file: File | null) => {
    setTooLarge(file !== null && file.size > MOST_BYTES)
    if (file === null || file.size > MOST_BYTES) return
    hand({ list: { workbook: base64(new Uint8Array(await file.arrayBuffer())) }, name: file.name })
  }
  if (handed.name !== null)
    return (
      <div className="stack">
        <h2>{say('trace.list')}</h2>
        <p>{say('trace.fileGiven', { name: handed.name })}</p>
        <Act tone="plain" onClick={() => hand({ list: { text: '' }, name: null })}>
          {say('trace.otherFile')}
        </Act>
      </div>
    )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the file field beside it does the same
    <div
      className="stack"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        void take(event.dataTransfer.files[0] ?? null)
      }}
    >
      <Textarea
        label={say('trace.list')}
        description={say('trace.paste')}
        classNames={{ input: 'mono' }}
        minRows={12}
        maxRows={24}
        autosize
        maxLength={1_000_000}
        spellCheck={false}
        value={'text' in handed.list ? handed.list.text : ''}
        onChange={(event) => hand({ list: { text: event.currentTarget.value }, name: null })}
      />
      <FileInput
        label={say('trace.file')}
        accept=".csv,.txt,.tsv,.xlsx,text/csv,text/plain"
        onChange={(file) => void take(file)}
        error={tooLarge ? say('trace.tooLarge') : undefined}
      />
    </div>
  )
}

/** The first of them, and that there are more. */
function listed(lines: readonly number[]): string {
  return `${lines.slice(0, 20).join(', ')}${lines.length > 20 ? ' …' : ''}`
}

/** Every column with what it was taken for, and a few lines of it; each choice is a correction. */
function Understood({
  read,
  correction,
  correct,
}: {
  read: ListReading
  correction: Correction
  correct: (next: Correction) => void
}) {
  const { say } = useLanguage()
  const { reading, cells } = read
  const columns = reading.columns.map((role, at) => ({ role, at }))
  const lines = cells.map((row, at) => ({ row, line: at + 1 })).slice(reading.heading ? 1 : 0, 9)
  const setColumn = (at: number, role: ColumnRole) =>
    correct({ ...correction, columns: reading.columns.map((known, i) => (i === at ? role : known)) })
  return (
    <div className="stack">
      <p className="small">
        {say('trace.linesRead', { rows: formatCount(read.rows), lines: formatCount(read.lines) })}
      </p>
      {read.unread.length === 0 ? null : (
        <p className="small">{say('trace.unread', { lines: listed(read.unread) })}</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keys */}
      <section className="scroll card" tabIndex={0} aria-label={say('trace.understood')}>
        <table className="trace-cells">
          <thead>
            <tr>
              {columns.map(({ role, at }) => (
                <th scope="col" key={at}>
                  <Select
                    size="xs"
                    aria-label={say('trace.column', { n: at + 1 })}
                    data={COLUMN_ROLES.map((value) => ({ value, label: say(`trace.${value}`) }))}
                    value={role}
                    allowDeselect={false}
                    onChange={(value) => setColumn(at, (value ?? 'ignore') as ColumnRole)}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="mono">
            {lines.map(({ line, row }) => (
              <tr key={line} className={read.unread.includes(line) ? 'quiet' : ''}>
                {columns.map(({ at }) => (
                  <td key={at}>{row[at] ?? ''}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Choices read={read} correction={correction} correct={correct} />
    </div>
  )
}

function Choices({
  read,
  correction,
  correct,
}: {
  read: ListReading
  correction: Correction
  correct: (next: Correction) => void
}) {
  const { reading } = read
  return (
    <div className="trace-choices">
      <Choice
        label="trace.heading"
        value={reading.heading}
        options={[
          [true, 'trace.headingYes'],
          [false, 'trace.headingNo'],
        ]}
        choose={(heading) => correct({ ...correction, heading })}
      />
      <Choice
        label="trace.order"
        value={reading.dayFirst}
        options={[
          [true, 'trace.dayFirst'],
          [false, 'trace.monthFirst'],
        ]}
        choose={(dayFirst) => correct({ ...correction, dayFirst })}
      />
      <Choice
        label="trace.zone"
        value={reading.zone}
        options={[
          ['local', 'trace.local'],
          ['utc', 'trace.utc'],
        ]}
        choose={(zone) => correct({ ...correction, zone })}
      />
      <Choice
        label="trace.unit"
        value={reading.lengthUnit}
        options={[
          ['seconds', 'trace.seconds'],
          ['minutes', 'trace.minutes'],
        ]}
        choose={(lengthUnit) => correct({ ...correction, lengthUnit })}
      />
    </div>
  )
}

/** One of two, or what the log decides. */
function Choice<T extends string | boolean>({
  label,
  value,
  options,
  choose,
}: {
  label: WordKey
  value: T | null
  options: readonly (readonly [T, WordKey])[]
  choose: (value: T) => void
}) {
  const { say } = useLanguage()
  return (
    <Select
      size="xs"
      label={say(label)}
      placeholder={say('trace.logDecides')}
      data={options.map(([of, word]) => ({ value: String(of), label: say(word) }))}
      value={value === null ? null : String(value)}
      allowDeselect={false}
      onChange={(text) => {
        const chosen = options.find(([of]) => String(of) === text)
        if (chosen !== undefined) choose(chosen[0])
      }}
    />
  )
}

function Earlier({ incident }: { incident: string }) {
  const { say, pick, language } = useLanguage()
  const list = useQuery({ queryKey: ['traces', incident], queryFn: () => traces.ofIncident(incident) })
  return (
    <section>
      <h2>{say('trace.earlier')}</h2>
      <Answer query={list}>
        {({ traces: found }) =>
          found.length === 0 ? (
            <p className="small">{say('trace.none')}</p>
          ) : (
            <ul className="plain-list">
              {found.map((one) => (
                <li key={one.id}>
                  <Link to="/traces/$id" params={{ id: one.id }}>
                    {pick(one.headline)}
                  </Link>{' '}
                  <span className="small">{formatInstant(one.at, language)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </section>
  )
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 32_768)
    text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return btoa(text)
}
