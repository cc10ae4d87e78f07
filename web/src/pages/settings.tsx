import { useQuery } from '@tanstack/react-query'
import { type Policies, rules, type VerificationPolicies, type Waiting } from '../api/rules.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay, useSession } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Page } from '../ui/page.tsx'
import { Prose } from '../ui/prose.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'
import { ProposeRules } from './propose-rules.tsx'
import { RuleTable } from './rule-table.tsx'
import { RulesPreview } from './rules-preview.tsx'

/** The rules of the house: how callers are verified, version by version, and who may do what, as text. */
export function SettingsPage() {
  const { say } = useLanguage()
  const verification = useQuery({ queryKey: ['verification'], queryFn: rules.verification })
  const policies = useQuery({ queryKey: ['policies'], queryFn: rules.policies, staleTime: 60_000 })
  return (
    <Page title={say('settings.title')} lead={say('settings.lead')}>
      <section className="stack">
        <h2>{say('settings.verification')}</h2>
        <Answer query={verification}>{(data) => <Verification data={data} />}</Answer>
      </section>
      <section className="stack">
        <h2>{say('settings.policies')}</h2>
        <p className="small">{say('settings.how')}</p>
        <Answer query={policies}>{(data) => <PolicyTexts data={data} />}</Answer>
      </section>
    </Page>
  )
}

function Verification({ data }: { data: VerificationPolicies }) {
  const { say, language } = useLanguage()
  const may = useMay()
  const versions = data.versions.toSorted((a, b) => b.version - a.version)
  const current = versions.find((v) => v.version === data.inForce)
  return (
    <>
      <h3>{say('settings.pending')}</h3>
      {data.waiting.length === 0 ? (
        <Empty says={say('settings.noPending')} />
      ) : (
        <ul className="list">
          {data.waiting.map((proposal) => (
            <WaitingVersion key={proposal.id} proposal={proposal} before={current?.rules ?? null} />
          ))}
        </ul>
      )}
      {may('propose-verification') && current ? (
        <ProposeRules from={current.rules} withholdable={data.withholdable} />
      ) : null}
      {versions.map((version) => {
        const before = versions.find((v) => v.version === version.version - 1)?.rules ?? null
        return (
          <details key={version.version} className="card" open={version.version === data.inForce}>
            <summary>
              {say('settings.version', { version: version.version })}
              {version.version === data.inForce ? `, ${say('settings.inForce')}` : ''},{' '}
              {say('settings.since', { at: formatInstant(version.effectiveFrom, language) })}
            </summary>
            <p className="small">
              {say('settings.reason')}: {version.reason}
            </p>
            <p className="small">
              {say('settings.approved')}:{' '}
              {version.approvedBy.length === 0
                ? say('settings.birth')
                : say('settings.people', { count: version.approvedBy.length })}
            </p>
            {before !== null ? (
              <>
                <h4>{say('settings.beforeAfter', { version: version.version - 1 })}</h4>
                <RuleTable rules={version.rules} before={before} onlyChanged />
                {version.preview ? <RulesPreview preview={version.preview} /> : null}
                <h4>{say('settings.whole')}</h4>
              </>
            ) : null}
            <RuleTable rules={version.rules} before={before} />
          </details>
        )
      })}
    </>
  )
}

function WaitingVersion({ proposal, before }: { proposal: Waiting; before: Waiting['rules'] | null }) {
  const { say, language } = useLanguage()
  const may = useMay()
  const { person } = useSession()
  const withdraw = useChange(() => rules.withdraw(proposal.id), ['verification'])
  const approve = useChange(() => rules.approve(proposal.id), ['verification'])
  const why =
    proposal.proposedBy === person.id
      ? say('settings.own')
      : proposal.approvedBy.includes(person.id)
        ? say('settings.already')
        : may('approve-verification')
          ? null
          : say('settings.notYours')
  return (
    <li className="stack">
      <p>
        {proposal.reason}{' '}
        <span className="small">
          {formatInstant(proposal.proposedAt, language)} ·{' '}
          {say('settings.approvals', { count: proposal.approvedBy.length })}
        </span>
      </p>
      <RuleTable rules={proposal.rules} before={before} onlyChanged />
      {proposal.preview ? <RulesPreview preview={proposal.preview} /> : null}
      <p className="small">{say('settings.approveLead')}</p>
      <Act busy={approve.isPending} why={why} onClick={() => approve.mutate(undefined)}>
        {say('settings.approve')}
      </Act>
      {may('propose-verification') ? (
        <Act tone="plain" busy={withdraw.isPending} onClick={() => withdraw.mutate(undefined)}>
          {say('settings.withdraw')}
        </Act>
      ) : null}
      {withdraw.isError ? <Trouble error={withdraw.error} /> : null}
      {approve.isError ? <Trouble error={approve.error} /> : null}
    </li>
  )
}

function PolicyTexts({ data }: { data: Policies }) {
  const { say } = useLanguage()
  const files = [...new Set(data.policies.map((policy) => policy.file))]
  return (
    <>
      {files.map((file) => (
        <details key={file} className="card">
          <summary>{file}</summary>
          <div className="stack">
            {data.policies
              .filter((policy) => policy.file === file)
              .map((policy) => (
                <div key={policy.id}>
                  {policy.says ? <p className="small">{policy.says}</p> : null}
                  <pre className="text">{policy.text}</pre>
                </div>
              ))}
          </div>
        </details>
      ))}
      <details className="card">
        <summary>{say('settings.table')}</summary>
        <Prose text={data.table} language="en" />
      </details>
    </>
  )
}
