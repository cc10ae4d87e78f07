import { CodedError, invariant } from '../../src/platform/coded-error.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import { must } from '../../src/steal/hands.ts'
import type { Noticed, Watcher } from './outcome.ts'
import { colleagueAt, DESKS, idOf, latin, phoneOf, type Scene, textTo, written } from './scene.ts'

/** What the house itself notices of an attack: read where it stands, never supposed. */
export interface Watchers {
  /** Everything noticed since, each kind once, the soonest. */
  look(scene: Scene): Promise<Noticed[]>
  stop(): void
}

interface Notice {
  readonly staffId: string
  readonly kind: string
  readonly id: string
  readonly at: number
}

const OFFICER = 'Y-3'

/** Begins to watch, before the attack's first step. */
export async function startWatchers({ house }: Scene): Promise<Watchers> {
  const { rooms } = house.server
  const told: Notice[] = []
  await rooms.notifications.ready()
  await (await rooms.watch.watcher()).catchUp()
  const stop = rooms.notifications.subscribe('notice', ({ staffId, kind, id }) => {
    told.push({ staffId: String(staffId), kind: String(kind), id: String(id), at: house.now() })
  })
  const from = (await rooms.ledger.head()).size
  return {
    stop,
    look: async (scene) => {
      await (await rooms.watch.watcher()).catchUp()
      return [
        ...(await textsToVictim(scene)),
        ...(await noticesToStaff(scene, told)),
        ...(await entriesSince(scene, from)),
        ...scene.noticed,
      ]
    },
  }
}

/** A text reaches the victim only while the thief does not hold her phone. */
async function textsToVictim(scene: Scene): Promise<Noticed[]> {
  if (scene.thiefHoldsPhone) return []
  const { handle } = await phoneOf(scene, scene.victim)
  const { rows } = scene.loot.taken()
  const { demo } = scene.house.server
  invariant(demo, 'attacks happen in a demo')
  // Where rows were taken a text is on its way; where nothing was, only what has come is looked at.
  const about = /(looked at|is about to open|locked|wrong|ကြည့်|သော့|မှား|ဖွင့်)/
  const text =
    rows > 0
      ? await textTo(scene, handle, scene.began, about)
      : ((await demo.phones.texts(handle)).findLast(
          ({ at, text: says }) => at >= scene.began && about.test(latin(says)),
        ) ?? null)
  if (text === null) return []
  return [{ by: 'the customer', how: 'a text', afterMs: Math.max(0, text.at - scene.began) }]
}

const BY_ROLE: Readonly<Record<string, Watcher>> = {
  supervisor: 'a supervisor',
  'privacy-officer': 'a privacy officer',
  administrator: 'an administrator',
}
const KINDS: Readonly<Record<string, string>> = {
  approval: 'a second word is asked for',
  'break-glass': 'broken glass',
  'watch-alert': 'a question of the watch',
  report: 'a report of hers',
  strangers: 'an alarm about the database',
}

async function noticesToStaff(scene: Scene, told: readonly Notice[]): Promise<Noticed[]> {
  const attackers = new Set(await Promise.all([...scene.attackers].map((desk) => idOf(scene.house, desk))))
  const found = new Map<string, Noticed>()
  for (const [desk, { role }] of DESKS) {
    const by = BY_ROLE[role]
    if (by === undefined) continue
    const id = await idOf(scene.house, desk)
    if (attackers.has(id)) continue
    for (const { kind, at, id: about } of told.filter(({ staffId }) => staffId === id)) {
      const how = KINDS[kind]
      if (how === undefined) continue
      if (
        kind === 'watch-alert' &&
        !attackers.has((await scene.house.server.rooms.watch.about(about))?.staff ?? '')
      )
        continue
      const before = found.get(`${by} ${how}`)
      const afterMs = Math.max(0, at - scene.began)
      if ((before?.afterMs ?? Number.POSITIVE_INFINITY) > afterMs)
        found.set(`${by} ${how}`, { by, how, afterMs })
    }
  }
  return [...found.values()]
}

/** What stands in the ledger of it, for whoever reads. */
async function entriesSince({ house, attackers }: Scene, from: number): Promise<Noticed[]> {
  const { ledger } = house.server.rooms
  await ledger.sequence()
  const { size } = await ledger.head()
  const ids = new Set(await Promise.all([...attackers].map((desk) => idOf(house, desk))))
  const kinds = new Set<string>()
  try {
    for (let before = size; before > from; before -= 500)
      for (const { index, kind, actor } of await ledger.entries({
        before,
        limit: Math.min(500, before - from),
      }))
        if (index >= from && actor !== null && ids.has(actor) && kind !== 'staff-signed-in') kinds.add(kind)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return [{ by: 'the ledger', how: `whoever reads it is told: ${error.code}`, afterMs: null }]
  }
  if (kinds.size === 0) return []
  return [{ by: 'the ledger', how: [...kinds].sort().join(', '), afterMs: null }]
}

/**
 * Lays the copied list before the investigator, row by row, and says what it proves: whom, and from which row on.
 * An incident is opened for it as anybody would who was shown the list.
 */
export async function proveList(scene: Scene): Promise<string | null> {
  const text = scene.loot.list()
  if (text === '') return null
  try {
    return await proveText(scene, text)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return `cannot be weighed: ${error.code}`
  }
}

async function proveText(scene: Scene, text: string): Promise<string> {
  const { house } = scene
  const { rooms } = house.server
  const officer = await colleagueAt(scene, OFFICER)
  const opened = must(
    await officer.ask('POST', '/api/incidents', {
      origin: 'list-holder',
      title: 'A list of calls has turned up',
      says: 'It was laid before us.',
      number: written(scene.victim),
    }),
    'open an incident',
  )
  const by = { system: 'command-line' } as const
  const curve = await rooms.trace.proveRowByRow(by, { incident: String(opened.serial), text })
  if (isRefusal(curve)) return 'nothing: the list cannot be read'
  const first = curve.find(({ named }) => named.length > 0)
  if (first === undefined) return `nobody is named after ${curve.length} rows`
  const attackers = new Set(await Promise.all([...scene.attackers].map((desk) => idOf(house, desk))))
  const right = first.named.every((id) => attackers.has(id))
  return right ? `names the desk from row ${first.rows} on` : 'names somebody else'
}
