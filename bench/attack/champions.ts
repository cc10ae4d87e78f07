import type { RowViewData } from '../../src/care/look-schemas.ts'
import { must, openBrowser } from '../../src/steal/hands.ts'
import type { Attack } from './attack.ts'
import {
  answerCall,
  askForLook,
  attempt,
  breakGlass,
  CUSTOMERS,
  closeContact,
  colleagueAt,
  copyRows,
  DESKS,
  idOf,
  keyInPin,
  lookWithPin,
  PEOPLE,
  phoneOf,
  type Scene,
  sitAt,
  textTo,
  written,
} from './scene.ts'

/** What somebody at a champion's desk tries alone, or with an accomplice who calls. */

const THIRI = 'M-17'
const EI_PHYU = 'M-6'
const OFFICER = 'Y-3'
const WHO = 'a champion'
const DAY_MS = 86_400_000

async function openWithoutCaller(scene: Scene, channel: 'call' | 'chat' | 'shop', shop?: string) {
  const by = await sitAt(scene, THIRI, shop)
  const opened = await attempt(scene, by, 'POST', '/api/care/contacts', {
    number: written(scene.victim),
    channel,
  })
  return { by, contact: String(opened.body.id ?? 'none'), opened: opened.status === 200 }
}

async function takeLook(scene: Scene, by: Awaited<ReturnType<typeof sitAt>>, contact: string): Promise<void> {
  const asked = await askForLook(scene, by, contact)
  if (asked.status === 200) await copyRows(scene, by, String(asked.body.id))
}

/** A shop of this office with a device of its own, registered by an administrator as any shop's is. */
export async function shopOf(scene: Scene, office: string): Promise<string> {
  const { house } = scene
  const devices = await house.server.rooms.staff.devices.list()
  const known = devices.find(({ shop, revoked }) => !revoked && shop.startsWith(office))
  if (known !== undefined) return known.shop
  const shop = `${office}-1`
  const administrator = await colleagueAt(scene, 'M-1')
  const issued = must(await administrator.ask('POST', '/api/devices', { shop }), 'issue a device link')
  const token = new URL(String(issued.link)).hash.replace(/^#(token=)?/, '')
  must(
    await openBrowser(house.origin).ask('POST', '/api/devices/registration', { token }),
    'register a device',
  )
  return shop
}

export const CHAMPION_ATTACKS: readonly Attack[] = [
  {
    id: 'honest-caller-copied',
    who: WHO,
    tries: 'copies every row by hand while the customer herself is on the line with her PIN',
    quick: true,
    run: async (scene) => {
      const { by, contact, phone, grant } = await lookWithPin(scene, THIRI, scene.victim)
      await copyRows(scene, by, grant)
      await closeContact(scene, by, contact)
      await phone.hangUp()
    },
  },
  {
    id: 'no-call',
    who: WHO,
    tries: 'opens a contact for a customer who has not called, and asks for her rows',
    quick: true,
    run: async (scene) => {
      const { by, contact } = await openWithoutCaller(scene, 'call')
      await takeLook(scene, by, contact)
    },
  },
  {
    id: 'pretended-visit',
    who: WHO,
    tries: 'says that the customer stands in the shop, from a desk that is no shop’s device',
    run: async (scene) => {
      const { by, contact } = await openWithoutCaller(scene, 'shop')
      await takeLook(scene, by, contact)
    },
  },
  {
    id: 'photo-alone',
    who: WHO,
    tries: 'on the shop’s device, ticks a photo ID that nobody showed, without a second clerk',
    quick: true,
    run: async (scene) => {
      const { by, contact } = await openWithoutCaller(scene, 'shop', await shopOf(scene, 'mandalay'))
      const document = { kind: 'nrc', unexpired: true, compared: true }
      await attempt(scene, by, 'POST', `/api/care/contacts/${contact}/factors/photo-id`, { document })
      await attempt(scene, by, 'POST', `/api/care/contacts/${contact}/factors/photo-id/answer`, {
        seen: true,
      })
      await takeLook(scene, by, contact)
    },
  },
  {
    id: 'guessed-code',
    who: WHO,
    tries: 'has a code texted to the customer and guesses it until the desk stops taking guesses',
    run: async (scene) => {
      const { by, contact } = await openWithoutCaller(scene, 'chat')
      await attempt(scene, by, 'POST', `/api/care/contacts/${contact}/factors/sms-code`, {})
      await guess(scene, by, contact, 'sms-code')
      await takeLook(scene, by, contact)
    },
  },
  {
    id: 'break-glass-lie',
    who: WHO,
    tries: 'breaks the glass with an invented emergency and copies what opens',
    quick: true,
    run: async (scene) => {
      const by = await sitAt(scene, THIRI)
      await breakGlass(scene, by)
    },
  },
  {
    id: 'somebody-elses-look',
    who: WHO,
    tries: 'opens pages of a look that a colleague has open, by its address',
    run: async (scene) => {
      const honest = await colleagueAt(scene, EI_PHYU)
      const { contact, phone } = await answerCall(scene, honest, { desk: EI_PHYU, who: scene.victim })
      await keyInPin(scene, honest, { contact, phone, pin: scene.victim.pin ?? '' })
      const grant = String((await askForLook(scene, honest, contact)).body.id)
      await honest.ask('POST', `/api/care/grants/${grant}/bill`, {})
      const by = await sitAt(scene, THIRI)
      await copyRows(scene, by, grant)
      await attempt(scene, by, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
      await attempt(scene, by, 'GET', `/api/care/contacts/${contact}`)
    },
  },
  {
    id: 'expired-grant',
    alone: true,
    who: WHO,
    tries: 'leaves a look open and goes on reading after its 30 minutes',
    run: async (scene) => {
      const { by, grant } = await lookWithPin(scene, THIRI, scene.victim)
      await by.ask('POST', `/api/care/grants/${grant}/bill`, {})
      for (let nine = 0; nine < 3; nine += 1) {
        scene.house.passTime(9 * 60_000)
        await by.ask('GET', `/api/care/grants/${grant}`)
      }
      scene.house.passTime(4 * 60_000)
      await copyRows(scene, by, grant)
      await attempt(scene, by, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
    },
  },
  {
    id: 'frozen-with-open-page',
    alone: true,
    who: WHO,
    tries: 'has a page open, is frozen by the privacy officer, and turns to the next',
    run: async (scene) => {
      const { by, grant } = await lookWithPin(scene, THIRI, scene.victim)
      await by.ask('POST', `/api/care/grants/${grant}/bill`, {})
      const officer = await colleagueAt(scene, OFFICER)
      const person = await idOf(scene.house, THIRI)
      await officer.ask('POST', `/api/people/${person}/freeze`, { reason: 'A list of calls has turned up.' })
      await attempt(scene, by, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
      await attempt(scene, by, 'GET', '/api/session')
    },
  },
  {
    id: 'own-household',
    alone: true,
    who: WHO,
    tries: 'answers a call from their own household’s phone and asks for its rows',
    run: async (scene) => {
      const close = [...DESKS.values()].find(
        ({ role, visitor, numbers }) => role === 'champion' && visitor && numbers.length > 0,
      )
      const desk = close?.deskName ?? THIRI
      scene.victim = PEOPLE[close?.numbers.at(-1) ?? 0]!
      const by = await sitAt(scene, desk)
      const phone = await phoneOf(scene, scene.victim)
      await phone.ring(desk)
      const opened = await attempt(scene, by, 'POST', '/api/care/contacts', {
        number: written(scene.victim),
        channel: 'call',
      })
      await takeLook(scene, by, String(opened.body.id ?? 'none'))
    },
  },
  {
    id: 'blind-match-fishing',
    who: WHO,
    tries: 'with an honest caller on the line, asks the log for number after number of people she may know',
    run: async (scene) => {
      const { by, contact, grant, phone } = await lookWithPin(scene, THIRI, scene.victim)
      await by.ask('POST', `/api/care/grants/${grant}/bill`, {})
      for (const person of CUSTOMERS.filter((one) => one !== scene.victim).slice(0, 12)) {
        const path = `/api/care/grants/${grant}/matches`
        const answer = await attempt(scene, by, 'POST', path, { number: written(person) })
        if (answer.status === 200) scene.loot.takeAnswer(person.number)
        else break
      }
      await closeContact(scene, by, contact)
      await phone.hangUp()
    },
  },
  {
    id: 'unmask-without-code',
    who: WHO,
    tries: 'asks for a row in full and guesses the code that the customer got',
    run: async (scene) => {
      const { by, contact, grant, phone } = await lookWithPin(scene, THIRI, scene.victim)
      await by.ask('POST', `/api/care/grants/${grant}/bill`, {})
      const page = await attempt(scene, by, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
      const rows = (page.body.rows ?? []) as RowViewData[]
      scene.loot.takeRows(grant, rows)
      const first = rows.find(({ digits }) => digits?.includes('•') === true)
      await attempt(scene, by, 'POST', `/api/care/grants/${grant}/unmask`, { row: first?.row })
      for (let code = 100_000; code < 100_006; code += 1) {
        const path = `/api/care/grants/${grant}/unmask/answer`
        const answer = await attempt(scene, by, 'POST', path, { row: first?.row, code: String(code) })
        if (typeof answer.body.number === 'string') scene.loot.takeWhole(answer.body.number)
        if (answer.status !== 200) break
      }
      await closeContact(scene, by, contact)
      await phone.hangUp()
    },
  },
  {
    id: 'many-looks',
    unproven: true,
    alone: true,
    who: WHO,
    tries:
      'looks at one customer on six days, each time with her on the line, and lays the looks side by side',
    run: async (scene) => {
      for (let day = 0; day < 6; day += 1) {
        const by = await sitAt(scene, THIRI)
        const { contact, phone } = await answerCall(scene, by, { desk: THIRI, who: scene.victim })
        await keyInPin(scene, by, { contact, phone, pin: scene.victim.pin ?? '' })
        await takeLook(scene, by, contact)
        await closeContact(scene, by, contact)
        await phone.hangUp()
        // Before the clock is turned by a day, what is on its way may arrive.
        if (day === 0) await textTo(scene, phone.handle, scene.began, new RegExp(THIRI))
        scene.house.passTime(DAY_MS)
      }
    },
  },
  {
    id: 'accomplice-with-her-phone',
    who: 'a champion and somebody at home',
    tries: 'the accomplice calls from the customer’s own phone and keys in her PIN; every row is copied',
    quick: true,
    run: async (scene) => {
      scene.thiefHoldsPhone = true
      const { by, contact, phone, grant } = await lookWithPin(scene, THIRI, scene.victim)
      await copyRows(scene, by, grant)
      await closeContact(scene, by, contact)
      await phone.hangUp()
    },
  },
  {
    id: 'spoofed-call',
    who: 'a champion and a stranger',
    tries: 'the stranger calls from another line that shows her number; the code goes to her phone',
    run: async (scene) => {
      const by = await sitAt(scene, THIRI)
      const { contact, phone } = await answerCall(scene, by, {
        desk: THIRI,
        who: scene.victim,
        spoofed: true,
      })
      await attempt(scene, by, 'POST', `/api/care/contacts/${contact}/factors/sms-code`, {})
      await guess(scene, by, contact, 'sms-code')
      await takeLook(scene, by, contact)
      await phone.hangUp()
    },
  },
  {
    id: 'guessed-pin',
    who: 'a thief of a phone',
    tries: 'calls care from the stolen phone and guesses the PIN',
    run: async (scene) => {
      const by = await sitAt(scene, THIRI)
      const { contact, phone } = await answerCall(scene, by, { desk: THIRI, who: scene.victim })
      await attempt(scene, by, 'POST', `/api/care/contacts/${contact}/factors/pin`, {})
      await guess(scene, by, contact, 'pin')
      await takeLook(scene, by, contact)
      await phone.hangUp()
      await textTo(scene, phone.handle, scene.began, /PIN|ပင်/)
    },
  },
  {
    id: 'no-session',
    who: 'anybody on the network',
    tries: 'asks every door of the care desk without a session, and with an invented one',
    quick: true,
    run: async (scene) => {
      const nobody = openBrowser(scene.house.origin)
      const forger = openBrowser(scene.house.origin)
      forger.cookies.set('countersign-staff', Buffer.alloc(32, 7).toString('base64url'))
      for (const by of [nobody, forger])
        for (const path of ['contacts', 'contacts/x/grants', 'grants/x/bill', 'grants/x/rows', 'break-glass'])
          await attempt(scene, by, 'POST', `/api/care/${path}`, {})
    },
  },
]

async function guess(
  scene: Scene,
  by: Awaited<ReturnType<typeof sitAt>>,
  contact: string,
  factor: 'sms-code' | 'pin',
): Promise<void> {
  for (let code = 200_000; code < 200_008; code += 1) {
    const path = `/api/care/contacts/${contact}/factors/${factor}/answer`
    const answer = await attempt(scene, by, 'POST', path, { secret: String(code) })
    if (answer.status !== 200) return
  }
}
