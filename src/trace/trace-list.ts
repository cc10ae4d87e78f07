import { type Alignment, alignList, type LogPlace, type LogRecord } from './align.ts'
import { type Places, prepareEvidence, type Shown } from './evidence.ts'
import { type Observed, observe } from './observe.ts'
import type { ReadList } from './read-list.ts'
import { judge, type Posterior, PRIORS, posteriorOf, type Verdict } from './rules.ts'
import { type Candidate, type Weighed, weighLooks } from './weigh.ts'

/** The whole reckoning, from a list that was read to what may be said of it; no clock, no keys, no input or output. */

/** Everything that one look has shown, by record. */
export interface Look {
  readonly id: string
  /** Staff id. */
  readonly agent: string
  readonly shown: ReadonlyMap<string, Shown>
}

/** The masks' two outer rings, from their keys. */
export interface Rings {
  /** V of a number, by record; null for a number too short to be masked. */
  everOf(record: LogRecord): Places | null
  /** A of a number for one person. */
  ofAgent(agent: string, record: LogRecord): Places | null
}

export interface Traced {
  readonly alignment: Alignment
  readonly observed: Observed
  readonly weighed: Weighed
  readonly verdict: Verdict
  readonly posteriors: readonly Posterior[]
}

/** Matches the list with the log, weighs it against every look, and judges. `among`: looks that could be meant. */
export function traceList(
  list: ReadList,
  against: {
    readonly log: readonly LogRecord[]
    readonly looks: readonly Look[]
    readonly rings: Rings
    readonly place: LogPlace
    readonly among?: number
  },
): Traced {
  const alignment = alignList(list.rows, list.reading, against.log, against.place)
  const { matches } = alignment
  const observed = observe(matches, alignment.settled, ({ record }) => against.rings.everOf(record))
  const evidence = prepareEvidence(observed.rows, observed.strays)
  const candidates = against.looks.map((look): Candidate => {
    const shown = matches.map(({ record }) => look.shown.get(record.name))
    return { id: look.id, agent: look.agent, shown }
  })
  const weighed = weighLooks(evidence, candidates, {
    ...(against.among === undefined ? {} : { among: against.among }),
    placesOfAgent: (agent) => matches.map(({ record }) => against.rings.ofAgent(agent, record)),
  })
  const verdict = judge(weighed, {
    matched: matches.length,
    withDigits: observed.withDigits,
    withFullNumber: observed.withFullNumber,
    flags: observed.channels.seconds || observed.channels.exact,
  })
  return {
    alignment,
    observed,
    weighed,
    verdict,
    posteriors: PRIORS.map((prior) => posteriorOf(weighed, prior)),
  }
}
