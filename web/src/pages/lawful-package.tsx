import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { type DeskView, lawful } from '../api/lawful.ts'
import { formatCount, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useChange } from '../ui/mutate.ts'
import { saveFile } from '../ui/save-file.ts'
import { Trouble } from '../ui/state.tsx'

/** Production, release, and what was delivered. */
export function PackageCard({ request }: { request: DeskView }) {
  const { say, language } = useLanguage()
  const { may, whyNot } = request
  const made = request.package
  const produce = useChange(() => lawful.produce(request.id), ['lawful'])
  const release = useChange(() => lawful.release(request.id), ['lawful'])
  const close = useChange(() => lawful.close(request.id), ['lawful'])
  const approved = request.state === 'approved' || request.state === 'partly-approved'
  const produceWhy = may.includes('produce')
    ? request.recipientKey
      ? null
      : say('lawful.noKey')
    : (whyNot.produce ?? say('lawful.nothingHere'))
  return (
    <>
      {approved && !request.filing.preserveOnly ? (
        <section className="card stack">
          <h2>{say('lawful.package')}</h2>
          <p className="small">{say('lawful.produceLead')}</p>
          <Act
            tone="main"
            wide
            busy={produce.isPending}
            why={produceWhy}
            onClick={() => produce.mutate(undefined)}
          >
            {say('lawful.produce')}
          </Act>
          {produce.isError ? <Trouble error={produce.error} /> : null}
        </section>
      ) : null}
      {made === null ? null : (
        <section className="card stack">
          <h2>{say('lawful.package')}</h2>
          <p>
            {say('lawful.packageFacts', {
              rows: formatCount(made.facts.rows),
              numbers: made.facts.numbers,
              days: made.facts.days,
              at: formatInstant(made.madeAt, language),
            })}
          </p>
          <p className="mono">{say('counter.digest', { digest: made.digest })}</p>
          <p className="small">
            {made.fetchedAt === null
              ? say('lawful.notFetched')
              : say('lawful.fetched', { at: formatInstant(made.fetchedAt, language) })}{' '}
            · <a href={lawful.packageAddress(request.id)}>{say('lawful.packageSave')}</a>
          </p>
          {request.state === 'produced' ? (
            <Act
              tone="main"
              wide
              busy={release.isPending}
              why={may.includes('release') ? null : (whyNot.release ?? say('lawful.nothingHere'))}
              onClick={() => release.mutate(undefined)}
            >
              {say('lawful.release')}
            </Act>
          ) : null}
          <OpenInside request={request} />
          {release.isError ? <Trouble error={release.error} /> : null}
        </section>
      )}
      {may.includes('close') ? (
        <Act wide busy={close.isPending} onClick={() => close.mutate(undefined)}>
          {say('lawful.close')}
        </Act>
      ) : null}
      {may.includes('duress') ? <UnderThreat request={request} /> : null}
    </>
  )
}

const REASON_LETTERS = 20

/** The archive inside, to the byte: it shows call records, so it takes a reason and is an entry first. */
function OpenInside({ request }: { request: DeskView }) {
  const { say } = useLanguage()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const reopen = useChange(
    async () => {
      const { name, bytes } = await lawful.reopen(request.id, reason.trim())
      saveFile(name, bytes)
    },
    ['lawful'],
    () => setOpen(false),
  )
  return (
    <>
      <Act wide onClick={() => setOpen(true)}>
        {say('lawful.reopen')}
      </Act>
      <Dialog
        title={say('lawful.reopen')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => reopen.mutate(undefined)}
        act={say('lawful.reopen')}
        why={reason.trim().length < REASON_LETTERS ? say('lawful.reopenShort') : null}
        busy={reopen.isPending}
      >
        <p className="small">{say('lawful.reopenLead')}</p>
        <Textarea
          label={say('lawful.reason')}
          value={reason}
          maxLength={4000}
          minRows={2}
          autosize
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {reopen.isError ? <Trouble error={reopen.error} /> : null}
      </Dialog>
    </>
  )
}

function UnderThreat({ request }: { request: DeskView }) {
  const { say } = useLanguage()
  const [open, setOpen] = useState(false)
  const [what, setWhat] = useState('')
  const record = useChange(
    () => lawful.duress(request.id, what.trim()),
    ['lawful'],
    () => setOpen(false),
  )
  return (
    <>
      <Act tone="plain" onClick={() => setOpen(true)}>
        {say('lawful.duress')}
      </Act>
      <Dialog
        title={say('lawful.duress')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => record.mutate(undefined)}
        act={say('door.record')}
        tone="stop"
        why={what.trim().length < 10 ? say('lawful.duressLead') : null}
        busy={record.isPending}
      >
        <Textarea
          label={say('door.what')}
          value={what}
          maxLength={4000}
          minRows={3}
          autosize
          onChange={(event) => setWhat(event.currentTarget.value)}
        />
        {record.isError ? <Trouble error={record.error} /> : null}
      </Dialog>
    </>
  )
}
