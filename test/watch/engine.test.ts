import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Engine, type EngineData, type Scored } from '../../src/watch/engine.ts'
import type { Access, Fact } from '../../src/watch/look.ts'
import { type Kept, Reservoir } from '../../src/watch/reservoir.ts'
import { AT, combine, OWN_HISTORY_MS, stepCusum } from '../../src/watch/rules.ts'
import { reasonToAsk } from '../../src/watch/watcher.ts'

const DAY = 86_400_000
const T0 = Date.UTC(2026, 5, 1)
const TOLD = new Set<Fact['kind']>([
  'contact',
  'ticket',
  'ticket-closed',
  'later',
  'circle',
  'tie',
  'account',
  'transfer',
])
const PEERS = { kind: 'shop', role: 'champion', shift: 'day' }

const access = (more: Partial<Access> & { at: number }): Access => ({
  id: `look-${more.at}-${more.employee ?? 'anna'}`,
  employee: 'anna',
  subject: 'khin',
  office: 'shop-1',
  peers: PEERS,
  contact: null,
  ticket: null,
  rows: 7,
  note: `note ${more.at}`,
  ...more,
})
const contact = (at: number, more: Partial<Extract<Fact, { kind: 'contact' }>> = {}): Fact => ({
  kind: 'contact',
  at,
  subject: 'khin',
  employee: 'anna',
  ground: 'shown',
  ...more,
})

function levelAfter(facts: readonly Fact[], look: Access): number {
  const engine = new Engine({ told: TOLD })
  for (const fact of facts) engine.tell(fact)
  return engine.score(look).level
}

test('a look is explained by what came before it, and only as well as that', () => {
  const look = access({ at: T0 })
  const ticket: Fact = { kind: 'ticket', at: T0 - DAY, subject: 'khin', employee: 'ben', id: 't' }
  assert.equal(levelAfter([], look), 0)
  assert.equal(levelAfter([contact(T0 - 71 * 3_600_000)], look), 3)
  assert.equal(levelAfter([contact(T0 - 73 * 3_600_000)], look), 0, 'three days are over')
  assert.equal(levelAfter([contact(T0 + 1)], look), 0, 'what comes later explains nothing')
  assert.equal(levelAfter([contact(T0 - 9, { ground: 'said' })], look), 1, 'the looker’s own word')
  assert.equal(levelAfter([contact(T0 - 9, { employee: 'ben' })], look), 1, 'a colleague’s contact')
  assert.equal(levelAfter([{ kind: 'transfer', at: T0 - 9, subject: 'khin', employee: 'anna' }], look), 2)
  assert.equal(levelAfter([ticket], look), 1)
  const household: Fact[] = ['khin', 'mya'].map((subject) => ({
    kind: 'account',
    at: 0,
    subject,
    account: 'a',
  }))
  assert.equal(levelAfter([...household, contact(T0 - 9, { subject: 'mya' })], look), 2)
})

test('a ticket of one’s own, made just before, is a sign and no more than a word', () => {
  const engine = new Engine({ told: TOLD })
  engine.tell({ kind: 'ticket', at: T0 - 10 * 60_000, subject: 'khin', employee: 'anna', id: 't' })
  const { level, signs } = engine.score(access({ at: T0, ticket: 't' }))
  assert.deepEqual([level, signs[AT['own-ticket']]], [1, 1])
  const [touched] = engine.tell({ kind: 'ticket-closed', at: T0 - 10 * 60_000 + 40_000, id: 't' })
  assert.deepEqual(touched, { look: `look-${T0}-anna`, says: { ticketBrief: true } })
})

test('an older ticket of one’s own is a sign when nobody had heard from her, and none when somebody had', () => {
  const alone = (before: Fact[]) => {
    const engine = new Engine({ told: TOLD })
    const made = T0 - 3 * DAY
    for (const fact of before) engine.tell(fact)
    engine.tell({ kind: 'ticket', at: made, subject: 'khin', employee: 'anna', id: 't' })
    if (before.length === 0) return engine.score(access({ at: T0, ticket: 't' }))
    engine.tell(contact(made + 30 * 60_000, { employee: 'ben' }))
    return engine.score(access({ at: T0, ticket: 't' }))
  }
  const rang = (at: number): Fact[] => [contact(at, { employee: 'ben' })]
  assert.equal(alone([]).signs[AT['ticket-alone']], 1)
  assert.equal(alone(rang(T0 - 5 * DAY)).signs[AT['ticket-alone']], 0, 'somebody rang before it')
  assert.equal(alone(rang(T0 - 30 * DAY)).signs[AT['ticket-alone']], 0, 'the call was written down after it')
})

test('what a log does not tell is unknown, not down', () => {
  const { signs } = new Engine({ told: new Set() }).score({ id: 'x', at: T0, employee: 'a', subject: 's' })
  for (const name of ['rows', 'no-note', 'swarm', 'ring', 'own-tie', 'off-shift'] as const)
    assert.equal(signs[AT[name]], null, name)
})

test('denied afterwards: unexplained and hard; acknowledged: explained; justified: no more than a word', () => {
  const engine = new Engine({ told: TOLD })
  engine.tell(contact(T0 - 9))
  const scored = engine.score(access({ at: T0 }))
  const denied = engine.amend(scored, { denied: true }, T0 + DAY)
  assert.deepEqual([scored.level, denied.level, denied.hard], [3, 0, 'denied'])
  assert.equal(engine.amend(denied, { denied: false }, T0 + 2 * DAY).level, 3)
  const alone = engine.score(access({ at: T0 + 90 * DAY, subject: 'other' }))
  assert.equal(engine.amend(alone, { justified: true }, T0 + 90 * DAY).level, 1)
  assert.equal(engine.amend(alone, { acknowledged: true }, T0 + 90 * DAY).level, 3)
})

const anyLog = fc.array(
  fc.record({
    who: fc.constantFrom('anna', 'ben', 'cho'),
    whom: fc.constantFrom('khin', 'mya', 'su', 'tin'),
    wait: fc.integer({ min: 1, max: 5 * DAY }),
    rows: fc.integer({ min: 0, max: 90 }),
    called: fc.boolean(),
    denied: fc.boolean(),
  }),
  { minLength: 2, maxLength: 60 },
)

test('the same log gives the same scores, and a snapshot anywhere changes none', () => {
  fc.assert(
    fc.property(anyLog, fc.nat(), (log, cutAt) => {
      const cut = cutAt % log.length
      const play = (stopAt: number | null): Scored[] => {
        let engine = new Engine({ told: TOLD })
        let at = T0
        return log.map(({ who, whom, wait, rows, called, denied }, i) => {
          at += wait
          if (i === stopAt)
            engine = new Engine({ told: TOLD, from: JSON.parse(JSON.stringify(engine.data())) as EngineData })
          if (called) engine.tell(contact(at - 1, { employee: who, subject: whom }))
          const scored = engine.score(access({ at, employee: who, subject: whom, rows }))
          return denied ? engine.amend(scored, { denied: true }, at + 1) : scored
        })
      }
      assert.deepEqual(play(cut), play(null))
    }),
    { numRuns: 60 },
  )
})

test('a rank is what counting gives, without the person’s own last 30 days', () => {
  const anyKept = fc.array(
    fc.record({
      value: fc.integer({ min: 0, max: 9 }),
      employee: fc.integer({ min: 0, max: 3 }),
      days: fc.nat(60),
    }),
    { minLength: 1, maxLength: 80 },
  )
  fc.assert(
    fc.property(anyKept, fc.integer({ min: 1, max: 9 }), fc.nat(3), (list, value, employee) => {
      const kept = list.map(
        ({ value: of, employee: who, days }, i): Kept => ({
          look: `l${i}`,
          employee: who,
          at: T0 - days * DAY,
          values: [of, of, of, of, of],
        }),
      )
      const reservoir = new Reservoir(kept)
      const others = kept.filter((one) => one.employee !== employee || one.at < T0 - OWN_HISTORY_MS)
      const expected = (1 + others.filter(({ values }) => values[0]! >= value).length) / (1 + others.length)
      assert.equal(reservoir.rank(0, value, reservoir.ownOf(employee, T0)), expected)
      reservoir.remove(employee, () => true)
      const rest = kept.filter((one) => one.employee !== employee)
      assert.equal(reservoir.size, rest.length)
      const after = (1 + rest.filter(({ values }) => values[0]! >= value).length) / (1 + rest.length)
      assert.equal(reservoir.rank(0, value, reservoir.ownOf(99, T0)), after)
    }),
    { numRuns: 200 },
  )
})

test('one’s own habit does not excuse itself', () => {
  const engine = new Engine({ told: TOLD })
  const peers = ['ben', 'cho', 'dan']
  let at = T0
  for (let i = 0; i < 900; i += 1) {
    at += 60_000
    const who = peers[i % 3]!
    engine.tell(contact(at - 1, { employee: who, subject: `s${i}` }))
    engine.score(access({ at, id: `p${i}`, employee: who, subject: `s${i}` }))
  }
  const alone: number[] = []
  for (let i = 0; i < 60; i += 1) {
    at += 60_000
    alone.push(engine.score(access({ at, id: `a${i}`, employee: 'anna', subject: `x${i}`, rows: 80 })).p)
  }
  assert.ok(alone.at(-1)! <= 2 / 900, `the sixtieth look still stands out: ${alone.at(-1)}`)
})

test('a CUSUM rises with unexplained looks, falls with others, and never goes below nothing', () => {
  let sum = 0
  for (let i = 0; i < 30; i += 1) sum = stepCusum(sum, false, 0.05, 16)
  assert.equal(sum, 0)
  const risen = stepCusum(0, true, 0.05, 16)
  assert.ok(risen > 0 && stepCusum(risen, false, 0.05, 16) < risen)
})

test('the combination is greater the rarer any part is, and finite', () => {
  const any = fc.double({ min: 1e-12, max: 1, noNaN: true })
  fc.assert(
    fc.property(any, any, any, any, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, b, c, d, by) => {
      const more = combine([a, b, c, d])
      assert.ok(Number.isFinite(more))
      assert.ok(combine([a * by, b, c, d]) >= more - 1e-9)
    }),
  )
})

test('what is asked about: hard findings always, rare scores, chance, and with few to compare only the highest', () => {
  const scored = { hard: null, p: 0.5, compared: 4_096, values: [0, 0, 0, 0] } as const
  assert.equal(reasonToAsk(scored, 0.5), null)
  assert.equal(reasonToAsk({ ...scored, hard: 'denied' }, 0.5), 'hard')
  assert.equal(reasonToAsk({ ...scored, p: 0.001 }, 0.5), 'score')
  assert.equal(reasonToAsk(scored, 0.0001), 'audit')
  const few = { ...scored, compared: 120, values: [6, 0, 0, 0] }
  assert.equal(reasonToAsk({ ...few, p: 1 / 121 }, 0.5), 'score')
  assert.equal(reasonToAsk({ ...few, p: 2 / 121 }, 0.5), null)
  assert.equal(reasonToAsk({ ...few, values: [1, 0, 0, 0], p: 1 / 121 }, 0.5), null)
})
