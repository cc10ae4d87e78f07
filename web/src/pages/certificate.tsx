import { Textarea, TextInput } from '@mantine/core'
import { type PublicKeyCredentialRequestOptionsJSON, startAuthentication } from '@simplewebauthn/browser'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type CertificateDraft, certificate } from '../api/certificate.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'

/** The officer's yearly certificate: figures from the ledger, signed with a passkey. */
export function CertificatePage() {
  const { say, language } = useLanguage()
  const past = useQuery({ queryKey: ['certificates'], queryFn: certificate.list })
  return (
    <Page title={say('cert.title')} lead={say('cert.lead')}>
      <div className="stack wide">
        <Draw />
        <section>
          <h2>{say('cert.past')}</h2>
          <Answer query={past}>
            {({ certificates }) =>
              certificates.length === 0 ? (
                <Empty says={say('cert.none')} />
              ) : (
                <div className="stack">
                  {certificates.map((one) => (
                    <details key={one.id} className="card">
                      <summary>
                        {say('cert.signed', {
                          year: one.year,
                          name: one.by,
                          at: formatInstant(one.at, language),
                        })}
                      </summary>
                      <pre className="text">{one.text}</pre>
                    </details>
                  ))}
                </div>
              )
            }
          </Answer>
        </section>
      </div>
    </Page>
  )
}

function Draw() {
  const { say } = useLanguage()
  const client = useQueryClient()
  const [year, setYear] = useState(String(new Date().getUTCFullYear()))
  const [brokers, setBrokers] = useState('')
  const draw = useMutation({ mutationFn: () => certificate.draft(Number(year), brokers.trim()) })
  const sign = useMutation({
    mutationFn: async (draft: CertificateDraft) => {
      const optionsJSON = draft.challenge.options as PublicKeyCredentialRequestOptionsJSON
      const response = await startAuthentication({ optionsJSON })
      return certificate.sign(Number(year), brokers.trim(), draft.challenge.id, response)
    },
    onSuccess: async () => {
      draw.reset()
      await client.invalidateQueries({ queryKey: ['certificates'] })
    },
  })
  const why = /^20\d\d$/.test(year) && brokers.trim().length >= 3 ? null : say('cert.brokersHint')
  return (
    <section className="card stack">
      <TextInput
        label={say('cert.year')}
        value={year}
        inputMode="numeric"
        maxLength={4}
        onChange={(event) => {
          setYear(event.currentTarget.value)
          draw.reset()
        }}
      />
      <Textarea
        label={say('cert.brokers')}
        description={say('cert.brokersHint')}
        value={brokers}
        maxLength={4000}
        minRows={2}
        autosize
        onChange={(event) => {
          setBrokers(event.currentTarget.value)
          draw.reset()
        }}
      />
      <Act tone={draw.data ? 'plain' : 'main'} busy={draw.isPending} why={why} onClick={() => draw.mutate()}>
        {say('cert.draw')}
      </Act>
      {draw.isError ? <Trouble error={draw.error} /> : null}
      {draw.data ? (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard */}
          <pre className="text" tabIndex={0}>
            {draw.data.text}
          </pre>
          <Act tone="main" busy={sign.isPending} onClick={() => draw.data && sign.mutate(draw.data)}>
            {say('cert.sign')}
          </Act>
        </>
      ) : null}
      {sign.isError ? <Trouble error={sign.error} /> : null}
    </section>
  )
}
