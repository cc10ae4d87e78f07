import { Modal } from '@mantine/core'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Found, find } from '../api/find.ts'
import { formatInstant } from '../format.ts'
import { handOverNumber } from '../handoff.ts'
import { useLanguage } from '../language.ts'
import { useSaid } from '../said.ts'
import { useMay } from '../session.tsx'
import { useOffice } from '../ui/office.ts'

let focusBefore: Element | null = null

/** Opens the search box; Ctrl-K does too. */
export function openFind(): void {
  focusBefore ??= document.activeElement
  spotlight.open()
}

/** The box takes the focus at once, so that no key typed after Ctrl-K is lost; Mantine asks too late who had it. */
function giveFocusBack(): void {
  if (focusBefore instanceof HTMLElement) focusBefore.focus({ preventScroll: true })
  focusBefore = null
}

/** The search box over every page: contacts, people, articles, and numbers as an offer to open a contact. */
export function Find() {
  const { say } = useLanguage()
  const said = useSaid()
  const [typed, setTyped] = useState('')
  const [asked] = useDebouncedValue(typed.trim(), 350)
  const found = useQuery({
    queryKey: ['find', asked],
    queryFn: () => find(asked),
    enabled: asked.length >= 2,
    gcTime: 0,
  })
  const groups = useGroups(found.data, asked)
  const empty = groups.every((group) => group.actions.length === 0)
  useHotkeys([['mod + K', openFind]])
  return (
    <Spotlight.Root
      query={typed}
      onQueryChange={setTyped}
      shortcut={null}
      onSpotlightClose={giveFocusBack}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
      clearQueryOnClose
      lockScroll={false}
    >
      <Modal.Title className="unseen">{say('find.open')}</Modal.Title>
      <Spotlight.Search autoFocus placeholder={say('find.open')} aria-label={say('find.open')} />
      <Spotlight.ActionsList>
        {groups.map((group) =>
          group.actions.length === 0 ? null : (
            <Spotlight.ActionsGroup key={group.label} label={group.label}>
              {group.actions.map((action) => (
                <Spotlight.Action
                  key={action.id}
                  label={action.label}
                  description={action.description}
                  onClick={action.go}
                />
              ))}
            </Spotlight.ActionsGroup>
          ),
        )}
        {empty ? (
          <Spotlight.Empty>
            {(found.error ? said(found.error.message).text : '') ||
              (asked.length < 2
                ? say('find.hint')
                : found.isPending
                  ? say('find.searching')
                  : say('find.none'))}
          </Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

interface FindAction {
  id: string
  label: string
  description: string
  go: () => void
}

function useGroups(found: Found | undefined, asked: string): { label: string; actions: FindAction[] }[] {
  const { say, pick, language } = useLanguage()
  const navigate = useNavigate()
  const may = useMay()
  const office = useOffice()
  if (found === undefined) return []
  const openNumber = () => {
    handOverNumber(asked)
    void navigate({ to: '/care', search: { open: 1 } })
  }
  return [
    {
      label: say('find.numbers'),
      actions: found.number
        ? [{ id: 'number', label: say('find.openContact'), description: '', go: openNumber }]
        : [],
    },
    {
      label: say('find.contacts'),
      actions: found.contacts.map((contact) => ({
        id: `contact-${contact.id}`,
        label: `${contact.deskName} · ${formatInstant(contact.openedAt, language)}`,
        description: '',
        go: () => void navigate({ to: '/care/contacts/$id', params: { id: contact.id } }),
      })),
    },
    {
      label: say('find.people'),
      actions: found.staff.map((person) => ({
        id: `person-${person.id}`,
        label: `${person.name} · ${person.deskName}`,
        description: office(person.office),
        go: () => {
          if (may('see-people')) void navigate({ to: '/people/$id', params: { id: person.id } })
        },
      })),
    },
    {
      label: say('find.articles'),
      actions: found.articles.map((article) => ({
        id: `article-${article.slug}`,
        label: pick(article.title),
        description: pick(article.excerpt),
        go: () => void navigate({ to: '/articles/$slug', params: { slug: article.slug } }),
      })),
    },
  ]
}
