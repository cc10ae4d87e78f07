import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type ProofBundle, proofFileOf, readBody, readHead, readProof } from '../api/ledger.ts'
import { formatCount, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Mark } from '../ui/mark.tsx'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/state.tsx'

/** One entry: what may one day be public of it, what is sealed, and the proof that it belongs. */
export function EntryPage() {
  const { index: text } = useParams({ from: '/desk/ledger/$index' })
  const index = Number(text)
  const { say } = useLanguage()
  const proof = useQuery({ queryKey: ['ledger-proof', index], queryFn: () => readProof(index) })
  return (
    <Page title={say('ledger.entry', { index: formatCount(index) })}>
      <p className="line">
        <Link to="/ledger">{say('ledger.title')}</Link>
        {index > 0 ? (
          <Link to="/ledger/$index" params={{ index: String(index - 1) }}>
            {say('ledger.previous')}
          </Link>
        ) : null}
        <Link to="/ledger/$index" params={{ index: String(index + 1) }}>
          {say('ledger.next')}
        </Link>
      </p>
      <Answer query={proof}>
        {(bundle) => (
          <>
            <section>
              <Prove key={index} bundle={bundle} />
            </section>
            <section className="card">
              <h2>{say('ledger.header')}</h2>
              <Facts values={JSON.parse(bundle.header.text) as Record<string, unknown>} />
            </section>
            <section className="card">
              <h2>{say('ledger.body')}</h2>
              <Body index={index} />
            </section>
            <section>
              <details>
                <summary>{say('ledger.proofText')}</summary>
                <pre className="text">{bundle.proof}</pre>
                <SaveProof index={index} />
              </details>
            </section>
          </>
        )}
      </Answer>
      {isLost(proof.error) ? <SaveProof index={index} /> : null}
    </Page>
  )
}

/** An entry whose texts a restore lost still has its proof. */
function isLost(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === 'entry-lost'
}

type Proven = { holds: true; size: number } | { holds: false; code: string }

/** Works the proof out here, with the same code the offline verifier uses, against the log's key. */
async function prove(bundle: ProofBundle): Promise<Proven> {
  const [{ verifyEntry }, head] = await Promise.all([import('../../../src/ledger/tlog-proof.ts'), readHead()])
  try {
    return { holds: true, size: verifyEntry(bundle, head.verifierKey).checkpoint.size }
  } catch (error) {
    return { holds: false, code: (error as { code?: string }).code ?? 'failed' }
  }
}

function Prove({ bundle }: { bundle: ProofBundle }) {
  const { say } = useLanguage()
  const [busy, setBusy] = useState(false)
  const [proven, setProven] = useState<Proven | null>(null)
  const start = async () => {
    setBusy(true)
    setProven(await prove(bundle))
    setBusy(false)
  }
  return (
    <div className="stack" aria-live="polite">
      {proven === null ? (
        <Act tone="main" busy={busy} onClick={() => void start()}>
          {say('ledger.prove')}
        </Act>
      ) : null}
      {proven?.holds === true ? (
        <p className="card good line">
          <Mark />
          <span>
            {say('ledger.proved', { index: formatCount(bundle.index), size: formatCount(proven.size) })}
          </span>
        </p>
      ) : null}
      {proven?.holds === false ? (
        <p className="card alarm">
          {say('ledger.unproved')} <span className="mono">{proven.code}</span>
        </p>
      ) : null}
    </div>
  )
}

function Body({ index }: { index: number }) {
  const { say, language } = useLanguage()
  const may = useMay()
  const opens = may('read-entry-bodies')
  const body = useQuery({
    queryKey: ['ledger-body', index],
    queryFn: () => readBody(index),
    enabled: opens,
    gcTime: 0,
  })
  if (!opens) return <p className="small">{say('ledger.bodyHidden')}</p>
  return (
    <Answer query={body}>
      {(data) => (
        <>
          <p className="small">{formatInstant(data.at, language)}</p>
          <Facts values={data.body ?? {}} />
        </>
      )}
    </Answer>
  )
}

function Facts({ values }: { values: Readonly<Record<string, unknown>> }) {
  return (
    <dl className="facts">
      {Object.entries(values).map(([name, value]) => (
        <div className="fact" key={name}>
          <dt>{name}</dt>
          <dd>
            {typeof value === 'object' && value !== null ? (
              <span className="mono">{JSON.stringify(value)}</span>
            ) : (
              String(value)
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function SaveProof({ index }: { index: number }) {
  const { say } = useLanguage()
  return (
    <a href={proofFileOf(index)} download={`entry-${index}.tlog-proof`}>
      {say('ledger.saveProof')}
    </a>
  )
}
