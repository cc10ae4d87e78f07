import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Engine, type EngineData, type Scored } from '../../src/watch/engine.ts'
import { Highest, type HighestData } from '../../src/watch/highest.ts'
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

test('an older ticket of one’s own is a sign, unless its maker or a machine had heard from her', () => {
  const made = T0 - 3 * DAY
  const alone = (before: Fact[], after: Fact[] = []) => {
    const engine = new Engine({ told: TOLD })
    for (const fact of before) engine.tell(fact)
    engine.tell({ kind: 'ticket', at: made, subject: 'khin', employee: 'anna', id: 't' })
    for (const fact of after) engine.tell(fact)
    return engine.score(access({ at: T0, ticket: 't' })).signs[AT['ticket-alone']]
  }
  assert.equal(alone([]), 1)
  assert.equal(alone([contact(made - 71 * 3_600_000, { ground: 'said' })]), 0, 'she rang before it')
  assert.equal(alone([contact(made - 73 * 3_600_000)]), 1, 'three days are over')
  assert.equal(alone([contact(made - 9, { employee: null })]), 0, 'a machine took her call')
  assert.equal(
    alone([contact(made - 9, { employee: 'ben' })]),
    1,
    'a colleague’s call is no ground of one’s own',
  )
  assert.equal(
    alone([{ kind: 'transfer', at: made - 9, subject: 'khin', employee: 'anna' }]),
    0,
    'handed over',
  )
  assert.equal(
    alone([], [contact(made + 30 * 60_000, { ground: 'said' })]),
    0,
    'the call was written down later',
  )
})

/** An engine that knows a thousand looks, each by somebody of its own. */
function seasoned(): Engine {
  const engine = new Engine({ told: TOLD })
  for (let i = 0; i < 1_000; i += 1)
    engine.score(access({ at: T0 - 40 * DAY + i, employee: `e${i}`, subject: `o${i}` }))
  return engine
}

test('among fewer than a thousand looks nobody says that somebody looks often', () => {
  const engine = new Engine({ told: TOLD })
  engine.score(access({ at: T0 }))
  assert.equal(engine.score(access({ at: T0 + 1, subject: 'next' })).signs[AT.often], null)
})

test('looks with nothing behind them add up; a ticket of a colleague’s, or of one’s own that she asked for, does not', () => {
  const often = (facts: Fact[], ticket: string | null = null) => {
    const engine = seasoned()
    for (let i = 5; i > 0; i -= 1) engine.score(access({ at: T0 - i * 3_600_000, subject: `s${i}` }))
    for (const fact of facts) engine.tell(fact)
    return engine.score(access({ at: T0, ticket })).signs[AT.often]!
  }
  const rang = contact(T0 - 5 * DAY, { ground: 'said' })
  const ticket = (employee: string): Fact => ({
    kind: 'ticket',
    at: T0 - 5 * DAY,
    subject: 'khin',
    employee,
    id: 't',
  })
  assert.ok(Math.abs(often([]) - 5) < 0.1)
  assert.ok(often([contact(T0 - 9, { employee: 'ben' })]) > 4.9, 'a colleague’s call')
  assert.ok(often([ticket('anna')], 't') > 4.9, 'a ticket that nobody asked for')
  assert.equal(often([rang, ticket('anna')], 't'), 0)
  assert.equal(often([ticket('ben')], 't'), 0)
  assert.equal(often([contact(T0 - 9)]), 0, 'her own call')
})

test('a verdict of fine lets somebody’s unexplained looks begin anew', () => {
  const engine = seasoned()
  let last = engine.score(access({ at: T0 }))
  for (let i = 1; i < 6; i += 1) last = engine.score(access({ at: T0 + i, subject: `s${i}` }))
  assert.ok(last.signs[AT.often]! > 4.9)
  engine.clear(last)
  assert.equal(engine.score(access({ at: T0 + 9, subject: 'next' })).signs[AT.often], 0)
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

test('the highest of a month are counted as if all were kept, without the person’s own', () => {
  const anyLooks = fc.array(
    fc.record({
      value: fc.integer({ min: 0, max: 40 }),
      who: fc.integer({ min: 0, max: 3 }),
      wait: fc.nat(DAY),
    }),
    { minLength: 1, maxLength: 60 },
  )
  fc.assert(
    fc.property(anyLooks, fc.nat(), fc.integer({ min: 0, max: 40 }), (looks, pick, score) => {
      let at = T0
      const all = looks.map(({ value, who, wait }, i): Kept => {
        at += wait
        return { look: `l${i}`, employee: who, at, values: [9, 0, 0, 0, value] }
      })
      let highest = new Highest()
      for (const one of all) highest.offer(one)
      const amended = { ...all[pick % all.length]!, values: [9, 0, 0, 0, 20] }
      highest.amend(amended)
      highest = new Highest(JSON.parse(JSON.stringify(highest.data())) as HighestData)
      const since = Math.floor(at / DAY) - 29
      const counted = all
        .map((one) => (one.look === amended.look ? amended : one))
        .filter((one) => Math.floor(one.at / DAY) >= since)
      const others = counted.filter(({ employee }) => employee !== 1)
      const reach = others.filter(({ values }) => values[4]! >= score).length
      assert.equal(highest.share(score, 1), (1 + reach) / (1 + others.length))
      assert.equal(highest.others(1), others.length)
      highest.remove(0, () => true)
      assert.equal(highest.others(9), counted.filter(({ employee }) => employee !== 0).length)
    }),
    { numRuns: 200 },
  )
})

test('of more looks than are kept, only the highest are told apart', () => {
  const highest = new Highest()
  const looks = Array.from({ length: 3_000 }, (_, i) => ({ value: (i * 7_919) % 3_000, i }))
  for (const { value, i } of looks)
    highest.offer({ look: `l${i}`, employee: i % 5, at: T0 + i, values: [9, 0, 0, 0, value] })
  const others = looks.filter(({ i }) => i % 5 !== 2)
  for (const score of [2_990, 2_500, 2_000]) {
    const reach = others.filter(({ value }) => value >= score).length
    assert.equal(highest.share(score, 2), (1 + reach) / (1 + others.length), `${score}`)
  }
  assert.equal(highest.share(1_900, 2), null)
  assert.ok(highest.share(3_500, 2)! < highest.share(3_100, 2)!, 'above the highest it goes on falling')
  assert.ok(highest.share(3_100, 2)! <= 1 / (1 + others.length))
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
