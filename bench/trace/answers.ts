import { createChance } from '../leaks/chance.ts'
import { askGuiltModel } from '../leaks/guilt-model.ts'
import { LEAK_KINDS, type Leak, type LeakKind, makeLeak } from '../leaks/leak.ts'
import { makeWorld } from '../leaks/world.ts'
import { createTracer, OFFSET, PLAN } from './tracer.ts'

/** Leaks of every kind, answered one after another, and what the guilt model says of the same. */

const LEAKS_A_WORLD = 50
/** Kinds whose list came off one person's screen with something of the mask left. */
const FROM_ONE_LOOK: readonly LeakKind[] = [
  'masked',
  'partial',
  'shuffled',
  'retyped',
  'minutes',
  'invented-rows',
  'knows-the-scheme',
]

export interface Answers {
  readonly leaks: number
  readonly ours: number
  readonly peer: number
  readonly peerInnocentsNamedAt99: number
  readonly innocentsNamed: number
  readonly medianMs: number
  readonly slowestMs: number
  /** Processor time of the one that needed most: what a busy machine does not change. */
  readonly mostCpuMs: number
  readonly kinds: Readonly<Record<string, KindCount>>
}

interface KindCount {
  leaks: number
  /** Every person named was one of those who leaked, and somebody was. */
  named: number
  suspicion: number
  cannotTell: number
  innocentsNamed: number
  /** The best-fitting person leaked it. */
  best: number
}

interface PeerAnswer {
  readonly kind: LeakKind
  readonly right: boolean
  readonly chance: number
  readonly innocent: number
}

/** Answers `leaks` leaks, kinds in turn; 5 to 40 rows of a month that 20 looks by 12 people have shown. */
export function measureAnswers(
  { seed, leaks }: { seed: number; leaks: number },
  say: (line: string) => void,
): Answers {
  const kinds = Object.fromEntries(LEAK_KINDS.map((kind) => [kind, newCount()])) as Record<
    LeakKind,
    KindCount
  >
  const took: number[] = []
  const cpuMs: number[] = []
  const peers: PeerAnswer[] = []
  for (let n = 0; n < leaks; ) {
    const chance = createChance(seed * 7_919 + n)
    const looks = 12 + chance.below(30)
    const world = makeWorld(seed * 104_729 + n, {
      plan: PLAN,
      offsetMinutes: OFFSET,
      agents: 12,
      looks,
      calls: 90,
      contacts: 40,
    })
    const trace = createTracer(world)
    for (let k = 0; k < LEAKS_A_WORLD && n < leaks; k++, n++) {
      const kind = LEAK_KINDS[n % LEAK_KINDS.length] as LeakKind
      const rows = kind === 'partial' ? 5 + chance.below(6) : 8 + chance.below(33)
      const leak = makeLeak(kind, world, seed + n * 31, { rows, offsetMinutes: OFFSET })
      const [began, cpu] = [performance.now(), process.cpuUsage()]
      const { verdict, weighed } = trace(leak.text)
      took.push(performance.now() - began)
      const { user, system } = process.cpuUsage(cpu)
      cpuMs.push((user + system) / 1000)
      count(
        kinds[kind],
        leak,
        verdict.kind === 'named' ? verdict.named.map(({ agent }) => agent) : [],
        verdict.kind,
      )
      if (leak.agents.includes(weighed.looks[0]?.agent ?? '')) kinds[kind].best++
      const [top, ...others] = askGuiltModel(leak.objects, world.disclosures)
      const innocent = [top, ...others].find((one) => !leak.agents.includes(one?.agent ?? ''))
      peers.push({
        kind,
        right: leak.agents.includes(top?.agent ?? ''),
        chance: top?.chance ?? 0,
        innocent: innocent?.chance ?? 0,
      })
    }
  }
  return reportAnswers(kinds, { took, cpuMs }, peers, say)
}

function reportAnswers(
  kinds: Record<LeakKind, KindCount>,
  { took, cpuMs }: { took: number[]; cpuMs: readonly number[] },
  peers: readonly PeerAnswer[],
  say: (line: string) => void,
): Answers {
  for (const [kind, c] of Object.entries(kinds))
    say(
      `${kind}: ${c.leaks} leaks, named ${c.named}, suspicion ${c.suspicion}, cannot tell ${c.cannotTell}, best fits ${c.best}, innocents named ${c.innocentsNamed}`,
    )
  took.sort((a, b) => a - b)
  const one = FROM_ONE_LOOK.map((kind) => kinds[kind])
  const of = one.reduce((sum, { leaks }) => sum + leaks, 0)
  const highest = Math.max(...peers.map(({ innocent }) => innocent))
  const peerNamed = peers.filter(
    ({ kind, right, chance }) => FROM_ONE_LOOK.includes(kind) && right && chance > highest,
  )
  const answers: Answers = {
    leaks: peers.length,
    ours: Number((one.reduce((sum, { named }) => sum + named, 0) / of).toFixed(4)),
    peer: Number((peerNamed.length / of).toFixed(4)),
    peerInnocentsNamedAt99: peers.filter(({ innocent }) => innocent >= 0.99).length,
    innocentsNamed: Object.values(kinds).reduce((sum, { innocentsNamed }) => sum + innocentsNamed, 0),
    medianMs: Number((took[Math.floor(took.length / 2)] as number).toFixed(1)),
    slowestMs: Number((took.at(-1) as number).toFixed(1)),
    mostCpuMs: Number(Math.max(...cpuMs).toFixed(1)),
    kinds,
  }
  say(
    `of ${of} leaks out of one look: named ${answers.ours}, guilt model without naming an innocent ${answers.peer} (at 99% it names innocents in ${answers.peerInnocentsNamedAt99}); innocents named by us in ${answers.leaks} leaks: ${answers.innocentsNamed}; ${answers.medianMs} ms each, slowest ${answers.slowestMs} ms, at most ${answers.mostCpuMs} ms of processor time`,
  )
  return answers
}

function count(into: KindCount, leak: Leak, people: readonly string[], kind: string): void {
  const innocents = people.filter((agent) => !leak.agents.includes(agent)).length
  into.leaks++
  into.innocentsNamed += innocents
  if (kind === 'named' && innocents === 0) into.named++
  if (kind === 'suspicion') into.suspicion++
  if (kind === 'cannot-tell') into.cannotTell++
}

function newCount(): KindCount {
  return { leaks: 0, named: 0, suspicion: 0, cannotTell: 0, innocentsNamed: 0, best: 0 }
}
