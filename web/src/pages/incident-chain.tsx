import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Chain, court } from '../api/court.ts'
import type { Incident } from '../api/incidents.ts'
import { placeChain, RADIUS } from '../chain-picture.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Answer } from '../ui/state.tsx'
import { ChangeChain } from './chain-change.tsx'

/** How the list travelled: a picture, the same as a list, and for the investigator the form that changes both. */
export function ChainOf({ one }: { one: Incident }) {
  const { say } = useLanguage()
  const may = useMay()
  const chain = useQuery({ queryKey: ['chain', one.id], queryFn: () => court.chain(one.id), gcTime: 0 })
  return (
    <section className="stack">
      <h2>{say('chain.title')}</h2>
      <Answer query={chain}>
        {(data) => (
          <>
            {data.people.length === 0 ? (
              <p className="small">{say('chain.none')}</p>
            ) : (
              <Picture chain={data} />
            )}
            <Links chain={data} />
            {may('draw-chain') && one.state !== 'closed' ? <ChangeChain id={one.id} chain={data} /> : null}
          </>
        )}
      </Answer>
    </section>
  )
}

const short = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

function Picture({ chain }: { chain: Chain }) {
  const { say } = useLanguage()
  const { width, height, people, links } = placeChain(chain)
  const label = say('chain.picture', { people: people.length, links: links.length })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keys
    <section className="scroll chain" tabIndex={0} aria-label={say('chain.title')}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
        {links.map((link) => (
          <g key={link.id}>
            <path d={link.path} className={`chain-link ${link.confidence}`} />
            <text x={link.x} y={link.y - 10}>
              {short(link.how, 19)}
            </text>
            <text x={link.x} y={link.y + 20} className="quiet">
              {say(`chain.sure.${link.confidence}`)}
            </text>
          </g>
        ))}
        {people.map((person) => (
          <g key={person.id}>
            <circle cx={person.x} cy={person.y} r={RADIUS} className={person.kind} />
            <text x={person.x} y={person.y + 5} className="name">
              {short(initials(person.name), 6)}
            </text>
            <text x={person.x} y={person.y + RADIUS + 20}>
              {short(person.name, 24)}
            </text>
            <text x={person.x} y={person.y + RADIUS + 38} className="quiet">
              {say(`chain.kind.${person.kind}`)}
            </text>
          </g>
        ))}
      </svg>
    </section>
  )
}

/** A desk name as it is; of other words their first letters. */
function initials(name: string): string {
  if (name.length <= 5) return name
  return name
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word) && !/^(a|an|the|her|his)$/i.test(word))
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .slice(0, 2)
    .join('')
}

function Links({ chain }: { chain: Chain }) {
  const { say } = useLanguage()
  const name = (id: string) => chain.people.find((person) => person.id === id)?.name ?? ''
  if (chain.people.length > 0 && chain.links.length === 0)
    return <p className="small">{say('chain.noLinks')}</p>
  return (
    <ol className="plain-list">
      {chain.links.map(({ id, from, to, how, ground, confidence }) => (
        <li key={id}>
          <b>
            {name(from)} → {name(to)}
          </b>
          : {how} · {say(`chain.sure.${confidence}`)}
          <p className="small">
            {say('chain.ground')}:{' '}
            {ground.kind === 'trace' && ground.ref !== null ? (
              <Link to="/traces/$id" params={{ id: ground.ref }}>
                {say('chain.ground.trace')}
              </Link>
            ) : (
              say(`chain.ground.${ground.kind}`)
            )}
            {ground.says === '' ? '' : ` · ${ground.says}`}
          </p>
        </li>
      ))}
    </ol>
  )
}
