import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  chanceOfNothing,
  createLogs,
  type Edge,
  gradeOf,
  gradeOfDecoy,
  HUB,
  searchPath,
} from '../../src/trace/paths.ts'

interface Call {
  readonly a: string
  readonly b: string
  readonly at: number
}
const WINDOW = { from: 100, until: 200 }
const logOf =
  (calls: readonly Call[]) =>
  async (person: string): Promise<Edge[]> =>
    calls.flatMap(({ a, b, at }) =>
      a === person ? [{ other: b, at }] : b === person ? [{ other: a, at }] : [],
    )

/** Slow and obvious: every chain of up to three calls in order of time. */
function reference(calls: readonly Call[], start: string, end: string): { links: number; at: number } | null {
  const inTime = calls.filter(({ at }) => at >= WINDOW.from && at < WINDOW.until)
  let reach = [{ person: start, at: WINDOW.from, been: [start] }]
  for (let links = 1; links <= 3; links++) {
    const next = reach.flatMap(({ person, at, been }) =>
      inTime.flatMap((call) => {
        const other = call.a === person ? call.b : call.b === person ? call.a : null
        return other === null || call.at < at || been.includes(other)
          ? []
          : [{ person: other, at: call.at, been: [...been, other] }]
      }),
    )
    const there = next.filter(({ person }) => person === end)
    if (there.length > 0) return { links, at: Math.min(...there.map(({ at }) => at)) }
    reach = next
  }
  return null
}

const people = ['e', 'p', 'q', 'r', 's', 'z']
const anyCalls = fc
  .array(
    fc.record({
      a: fc.constantFrom(...people),
      b: fc.constantFrom(...people),
      at: fc.integer({ min: 90, max: 210 }),
    }),
    { maxLength: 14 },
  )
  .map((calls) => calls.filter(({ a, b }) => a !== b))

test('the chain is as short and as early as the shortest of all, in order of time, within the window', async () => {
  await fc.assert(
    fc.asyncProperty(anyCalls, async (calls) => {
      const { path } = await searchPath('e', 'z', createLogs(logOf(calls), { budget: 60, ...WINDOW }))
      const known = reference(calls, 'e', 'z')
      assert.deepEqual(path === null ? null : { links: path.links.length, at: path.links.at(-1)?.at }, known)
      const times = path?.links.map(({ at }) => at) ?? []
      assert.deepEqual(
        times,
        times.toSorted((x, y) => x - y),
      )
    }),
    { numRuns: 400 },
  )
})

test('a hub is not gone through, and no more logs are opened than the budget', async () => {
  const shop = Array.from({ length: HUB + 1 }, (_, i): Call => ({ a: 'shop', b: `n${i}`, at: 120 }))
  const through = [...shop, { a: 'e', b: 'n0', at: 110 }, { a: 'shop', b: 'z', at: 130 }]
  const searched = await searchPath('e', 'z', createLogs(logOf(through), { budget: 60, ...WINDOW }))
  assert.equal(searched.path, null)
  const opened: string[] = []
  const many = Array.from({ length: 100 }, (_, i): Call => ({ a: 'z', b: `m${i}`, at: 150 }))
  const logs = createLogs(
    async (person) => {
      opened.push(person)
      return logOf([...many, { a: 'e', b: 'x', at: 110 }])(person)
    },
    { budget: 10, ...WINDOW },
  )
  const { logsOpened, cutShort } = await searchPath('e', 'z', logs)
  assert.deepEqual([logsOpened, opened.length, new Set(opened).size, cutShort], [10, 10, 10, true])
})

test('decoys are counted over the same opened logs, and as good means as short and as early', async () => {
  const calls = [
    { a: 'e', b: 'p', at: 110 },
    { a: 'p', b: 'z', at: 130 },
    { a: 'd', b: 'p', at: 105 },
    { a: 'f', b: 'z', at: 199 },
    { a: 'g', b: 'p', at: 140 },
  ]
  const opened: string[] = []
  const open = async (person: string) => {
    opened.push(person)
    return logOf(calls)(person)
  }
  const logs = createLogs(open, { budget: 60, ...WINDOW })
  const { path } = await searchPath('e', 'z', logs)
  const own = gradeOf(path, WINDOW.from)
  const before = opened.length
  const grades = await Promise.all(
    ['d', 'f', 'g', 'nobody'].map(async (decoy) =>
      gradeOfDecoy(decoy, 'z', await logOf(calls)(decoy), logs, WINDOW.from),
    ),
  )
  assert.equal(opened.length, before, 'a decoy opens no log but their own')
  assert.deepEqual(
    grades.map((grade) => grade <= own),
    [true, true, false, false],
  )
  assert.equal(chanceOfNothing(2, 200), 3 / 201)
})
