import { type Refusal, refuse } from '../platform/refusal.ts'

/** The chain of a leak as far as it is known: people, and links between them, each with its ground: pure. */

export const PERSON_KINDS = ['employee', 'friend', 'recipient', 'customer', 'other'] as const
export const GROUNDS = ['trace', 'path', 'testimony', 'document'] as const
export const CONFIDENCES = ['disputed', 'possible', 'likely', 'proven'] as const
export type Confidence = (typeof CONFIDENCES)[number]

export interface ChainPerson {
  readonly id: string
  readonly kind: (typeof PERSON_KINDS)[number]
  /** As the case calls them: a desk name, or words of its own. */
  readonly name: string
}

/** What a link rests on. `ref` names the trace or the search; what somebody said or wrote has none. */
export interface Ground {
  readonly kind: (typeof GROUNDS)[number]
  readonly ref: string | null
  readonly says: string
}

export interface ChainLink {
  readonly id: string
  readonly from: string
  readonly to: string
  /** What went from one to the other, or how they know each other. */
  readonly how: string
  readonly ground: Ground
  readonly confidence: Confidence
}

export interface Chain {
  readonly people: readonly ChainPerson[]
  readonly links: readonly ChainLink[]
}

export type ChainAct =
  | { readonly do: 'person'; readonly person: ChainPerson }
  | { readonly do: 'link'; readonly link: ChainLink }
  | { readonly do: 'revise'; readonly id: string; readonly confidence: Confidence; readonly ground: Ground }
  | { readonly do: 'remove'; readonly id: string }

/** Traces and searches of the case, by id. */
export interface Known {
  readonly traces: ReadonlySet<string>
  readonly paths: ReadonlySet<string>
}

export const NO_CHAIN: Chain = { people: [], links: [] }
export const MOST_PEOPLE = 24
export const MOST_LINKS = 48

/** How sure a ground can make anybody at most: a leak path is a lead and never proof; what one says is not proven by it. */
export const MOST_SURE: Readonly<Record<Ground['kind'], Confidence>> = {
  trace: 'proven',
  document: 'proven',
  testimony: 'likely',
  path: 'possible',
}

/** Does one change of the chain, or says why not. */
export function changeChain(chain: Chain, act: ChainAct, known: Known): Chain | Refusal {
  switch (act.do) {
    case 'person':
      return addPerson(chain, act.person)
    case 'link':
      return addLink(chain, act.link, known)
    case 'revise': {
      const link = chain.links.find(({ id }) => id === act.id)
      if (link === undefined) return gone()
      const { confidence, ground } = act
      const no = unsound(confidence, ground, known)
      if (no !== null) return no
      return {
        ...chain,
        links: chain.links.map((one) => (one === link ? { ...one, confidence, ground } : one)),
      }
    }
    case 'remove':
      return remove(chain, act.id)
  }
}

function addPerson(chain: Chain, person: ChainPerson): Chain | Refusal {
  if (chain.people.length >= MOST_PEOPLE) return full()
  if (chain.people.some(({ name }) => name === person.name))
    return refuse('chain-person-there', 'Somebody of that name is in the chain.', 'Draw a link to them.')
  return { ...chain, people: [...chain.people, person] }
}

function addLink(chain: Chain, link: ChainLink, known: Known): Chain | Refusal {
  if (chain.links.length >= MOST_LINKS) return full()
  const ends = [link.from, link.to].map((end) => chain.people.some(({ id }) => id === end))
  if (!ends.every(Boolean)) return gone()
  if (link.from === link.to)
    return refuse('chain-link-loop', 'A link leads from one person to another.', 'Choose two people.')
  const no = unsound(link.confidence, link.ground, known)
  return no ?? { ...chain, links: [...chain.links, link] }
}

function remove(chain: Chain, id: string): Chain | Refusal {
  if (chain.links.some((link) => link.id === id))
    return { ...chain, links: chain.links.filter((link) => link.id !== id) }
  if (!chain.people.some((person) => person.id === id)) return gone()
  if (chain.links.some(({ from, to }) => from === id || to === id))
    return refuse('chain-person-linked', 'Links lead to this person.', 'Take the links away first.')
  return { ...chain, people: chain.people.filter((person) => person.id !== id) }
}

function unsound(confidence: Confidence, { kind, ref }: Ground, { traces, paths }: Known): Refusal | null {
  const there = kind === 'trace' ? traces : kind === 'path' ? paths : null
  if (there === null ? ref !== null : ref === null || !there.has(ref))
    return refuse('chain-ground-unknown', 'This case has no such trace or search.', 'Choose one of the list.')
  const most = MOST_SURE[kind]
  if (CONFIDENCES.indexOf(confidence) > CONFIDENCES.indexOf(most))
    return refuse(
      'chain-too-sure',
      kind === 'path' ? 'A leak path is a lead, never proof.' : 'What somebody says is not proven by it.',
      `Call the link ${most} at most, or give a better ground.`,
    )
  return null
}

function full(): Refusal {
  return refuse('chain-full', 'The chain is as large as it can be.', 'Take away what no longer matters.')
}

function gone(): Refusal {
  return refuse('chain-part-unknown', 'That is not in the chain.', 'Reload the page.')
}
