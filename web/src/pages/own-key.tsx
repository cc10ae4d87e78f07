import { Checkbox } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type Contact, care } from '../api/care.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Trouble } from '../ui/state.tsx'

interface OwnKeyProps {
  contact: Contact
  take: (next: Contact) => void
}

/** In the shop, after photo ID: her phone gets a link under which she makes a key of her own. */
export function OfferKey({ contact, take }: OwnKeyProps) {
  const { say, pick } = useLanguage()
  const offer = useMutation({ mutationFn: () => care.offerKey(contact.id), onSuccess: take })
  const { mayMake, link } = contact.ownKey
  if (!mayMake || !contact.mine || contact.closedAt !== null) return null
  return (
    <div className="factor">
      <p className="small" aria-live="polite">
        {link?.kind === 'enrol' ? pick(link.says) : ''}
      </p>
      <Act busy={offer.isPending} onClick={() => offer.mutate()}>
        {say('key.offer')}
      </Act>
      {offer.isError ? <Trouble error={offer.error} /> : null}
    </div>
  )
}

interface AskWithKeyProps {
  contact: Contact
  chosen: boolean
  choose: (chosen: boolean) => void
}

/** Beside the question: whether she is asked to allow it with her own key, and what became of the link. */
export function AskWithKey({ contact, chosen, choose }: AskWithKeyProps) {
  const { say, pick } = useLanguage()
  const { available, link } = contact.ownKey
  const asked = link?.kind === 'look' ? link : null
  return (
    <>
      {available && contact.mine ? (
        <Checkbox
          label={say('key.ask')}
          description={say('key.askHint')}
          checked={chosen}
          onChange={(event) => choose(event.currentTarget.checked)}
        />
      ) : null}
      <p className={`small ${asked?.state === 'refused' ? 'stop' : ''}`} aria-live="polite">
        {asked === null ? '' : pick(asked.says)}
      </p>
    </>
  )
}
