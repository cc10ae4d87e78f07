import type { Opening, Receipt } from '../../src/ledger/receipt.ts'
import { Receipt as ReceiptClass } from '../../src/ledger/receipt.ts'
import { CodedError } from '../../src/platform/coded-error.ts'
import type { openBrowser } from '../../src/steal/hands.ts'
import type { Attack } from './attack.ts'
import { attempt, lookWithPin, PEOPLE, type Scene, signInAtMy, sitAt, written } from './scene.ts'

/** What those try who hold a phone, a uniform, or a piece of paper of their own. */

/** Every page of her own where rows stand, as whoever is signed in. */
/** Reads whatever of her calls and bill her own page gives to this browser. */
export async function readOwnPages(scene: Scene, by: ReturnType<typeof openBrowser>): Promise<void> {
  for (const page of ['calls', 'calls/download', 'bill']) {
    const answer = await attempt(scene, by, 'GET', `/my/${page}`)
    const text = String(answer.body.text ?? '')
    const whole = text.match(/\+?(?:95|09)[ 0-9]{8,14}/g) ?? []
    if (answer.status === 200) for (const number of whole) scene.loot.takeWhole(number)
  }
}

export const OUTSIDER_ATTACKS: readonly Attack[] = [
  {
    id: 'phone-without-pin',
    who: 'a thief of a phone, or somebody at home',
    tries: 'signs in at her own page with the code that the phone gets, and guesses the PIN',
    run: async (scene) => {
      scene.thiefHoldsPhone = true
      const by = await signInAtMy(scene, scene.victim)
      const looks = await attempt(scene, by, 'GET', '/my')
      if (looks.status === 200) scene.loot.takeMore('who looked at her calls, and when')
      for (let code = 300_000; code < 300_005; code += 1) {
        const answer = await by.send('/my/prove', {
          secret: String(code),
          to: 'calls',
          _csrf: by.cookies.get('countersign-my-csrf') ?? '',
        })
        if (answer.status >= 400) scene.met.add(`${answer.status} at the PIN`)
      }
      await readOwnPages(scene, by)
    },
  },
  {
    id: 'first-pin-of-a-thief',
    who: 'a thief of a phone, or somebody at home',
    tries: 'sets a first PIN for a customer who has none, and uses it at once',
    run: async (scene) => {
      scene.victim = PEOPLE.find(
        ({ index, pin, simChangedDaysAgo, forwarded }) =>
          index > 2 && pin === null && !forwarded && simChangedDaysAgo === null,
      )!
      scene.thiefHoldsPhone = true
      const by = await signInAtMy(scene, scene.victim)
      const _csrf = by.cookies.get('countersign-my-csrf') ?? ''
      const set = await by.send('/my/protection/secret', { kind: 'pin', secret: '583926', _csrf })
      scene.met.add(`${set.status} when setting it`)
      const prove = await by.send('/my/prove', { secret: '583926', to: 'calls', _csrf })
      if (prove.status >= 400) scene.met.add(`${prove.status} at the PIN`)
      await readOwnPages(scene, by)
    },
  },
  {
    id: 'phone-and-pin',
    who: 'a thief of a phone, or somebody at home',
    tries: 'has the phone, knows the PIN, and reads her calls on her own page',
    run: async (scene) => {
      scene.thiefHoldsPhone = true
      const by = await signInAtMy(scene, scene.victim)
      const _csrf = by.cookies.get('countersign-my-csrf') ?? ''
      await by.send('/my/prove', { secret: scene.victim.pin ?? '', to: 'calls', _csrf })
      await readOwnPages(scene, by)
    },
  },
  {
    id: 'police-without-paper',
    who: 'police without paper',
    tries:
      'has a request filed that names no paper; the officer who filed it lets it through, counsel turns both keys',
    quick: true,
    run: async (scene) => {
      const officer = await sitAt(scene, 'N-5')
      const filed = await attempt(scene, officer, 'POST', '/api/regulator/requests', {
        filing: filingFor(scene),
        letter: null,
      })
      const id = String(filed.body.id ?? 'none')
      const passed = { outcome: 'passed', reason: 'It is in order, as the officer says who asks.' }
      await attempt(scene, officer, 'POST', `/api/regulator/requests/${id}/filter`, passed)
      const counsel = await sitAt(scene, 'N-4')
      const scope = { parts: [], fields: ['time'] }
      const reasons = 'The letter names the number and the days, and the case bears out both of them.'
      const ruling = { answer: { kind: 'approve', scope }, reasons }
      await attempt(scene, counsel, 'POST', `/api/lawful/requests/${id}/ruling`, ruling)
      await attempt(scene, counsel, 'POST', `/api/lawful/requests/${id}/second`, { agree: true, reasons })
      await attempt(scene, counsel, 'POST', `/api/lawful/requests/${id}/production`, {})
      const got = await attempt(scene, officer, 'GET', `/api/lawful/requests/${id}/package`)
      if (got.status === 200) scene.loot.takeMore('a package')
    },
  },
  {
    id: 'police-at-the-desk',
    who: 'police without paper',
    tries: 'stand behind a champion and have them open a log with nobody on the line',
    run: async (scene) => {
      const by = await sitAt(scene, 'M-17')
      const asked = { number: written(scene.victim), channel: 'call' }
      const opened = await attempt(scene, by, 'POST', '/api/care/contacts', asked)
      const contact = String(opened.body.id ?? 'none')
      await attempt(scene, by, 'POST', `/api/care/contacts/${contact}/grants`, {
        purpose: 'bill-clarification',
        month: new Date(scene.house.now() - 31 * 86_400_000).toISOString().slice(0, 7),
        question: 'higher',
      })
      const found = await attempt(scene, by, 'POST', '/api/lawful/encounters/duress', {
        what: 'They wanted a log with nobody on the line.',
        by: 'Three men in uniform',
        threat: 'They would take me along.',
      })
      if (found.status === 200) scene.met.add('a word to counsel that it was under duress')
    },
  },
  {
    id: 'forged-receipt',
    who: 'whoever programs against the vault',
    tries: 'makes receipts out of copies, prototypes and proxies of nothing, and opens the vault with them',
    quick: true,
    run: async (scene) => {
      const { vault } = scene.house.server.rooms
      const opening = { subject: '00'.repeat(16), fields: ['time', 'other'] } as unknown as Opening
      const forgeries = [
        Object.create(ReceiptClass.prototype) as Receipt,
        Object.assign(Object.create(ReceiptClass.prototype) as Receipt, { opening }),
        { opening } as unknown as Receipt,
        new Proxy(Object.create(ReceiptClass.prototype) as Receipt, {}),
      ]
      for (const forged of forgeries)
        try {
          const rows = await vault.open(forged, { other: () => 'plain' })
          scene.loot.takeMore(`${rows.length} opened rows`)
        } catch (error) {
          if (!(error instanceof CodedError)) throw error
          scene.met.add(error.code)
        }
    },
  },
  {
    id: 'foreign-page',
    who: 'a page on another site',
    tries: 'makes the browser of a champion with an open look send requests',
    run: async (scene) => {
      const { by, grant } = await lookWithPin(scene, 'M-17', scene.victim)
      const cookie = [...by.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      for (const headers of [
        { origin: 'https://elsewhere.example', cookie },
        { 'sec-fetch-site': 'cross-site', cookie },
        { cookie },
      ]) {
        const answer = await fetch(`${scene.house.origin}/api/care/grants/${grant}/bill`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: '{}',
        })
        const body = (await answer.json()) as { code?: string }
        if (answer.ok) scene.loot.takeMore('a bill')
        else scene.met.add(`${answer.status} ${body.code}`)
      }
    },
  },
]

function filingFor({ victim, house }: Scene) {
  const until = Math.floor(house.now() / 1000)
  return {
    frame: 'mm',
    requestNumber: 'VERBAL-1',
    authority: 'cid-yangon',
    officer: { name: 'U Kyaw', rank: 'Inspector', phone: '+95 1 549309' },
    caseNumber: 'none',
    category: 'homicide',
    offence: 'As stated in the letter',
    basis: 'MM-TEL-75',
    paper: null,
    identifiers: [{ type: 'msisdn', value: victim.number, role: 'unknown', from: until - 86_400, until }],
    fields: ['time'],
    asksContent: false,
    necessity: 'It is needed at once, and the paper follows.',
    urgency: 'routine',
    threatToLife: null,
    secrecyUntil: null,
    preserveOnly: false,
  }
}
