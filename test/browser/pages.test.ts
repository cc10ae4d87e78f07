import { after, before, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { type DemoHouse, openDemoHouse } from './demo-house.ts'
import {
  CUSTOMERS,
  KHIN,
  lookAtRows,
  looksRight,
  MYA,
  openContext,
  openPhone,
  ring,
  signInAs,
  signInAtMy,
} from './hands.ts'

let house: DemoHouse
const closing: (() => Promise<void>)[] = []
before(async () => {
  house = await openDemoHouse({ after: (close) => void closing.push(close as () => Promise<void>) })
})
after(async () => {
  for (const close of closing.reverse()) await close()
})

/** Wide in the light and narrow in the dark, or the other way round: with two languages all four are seen. */
async function inEveryLight(page: Page, where: string, first: 'light' | 'dark'): Promise<void> {
  const second = first === 'light' ? 'dark' : 'light'
  await page.setViewportSize({ width: 1280, height: 820 })
  await page.emulateMedia({ colorScheme: first })
  await looksRight(page, `${where}, 1280, ${first}`)
  await page.setViewportSize({ width: 360, height: 740 })
  await page.emulateMedia({ colorScheme: second })
  await looksRight(page, `${where}, 360, ${second}`)
}

/** Each address in both languages; `shown` is what says that the page is whole. */
async function visitAll(
  context: BrowserContext,
  page: Page,
  addresses: readonly [string, string][],
): Promise<void> {
  for (const language of ['en', 'my'] as const) {
    await page.evaluate((chosen) => localStorage.setItem('countersign.language', chosen), language)
    for (const [address, shown] of addresses) {
      await page.goto(address)
      await page.locator(shown).first().waitFor()
      await inEveryLight(page, `${address} in ${language}`, language === 'en' ? 'light' : 'dark')
    }
  }
  await context.close()
}

test('a champion’s desks', async () => {
  const context = await openContext(house)
  const page = await signInAs(context, 'Ei Phyu')
  await visitAll(context, page, [
    ['/care', '.page section form'],
    ['/day', '.page section .state'],
    ['/articles', '.page .list li'],
    ['/me', '.page details'],
    ['/people', '.state'],
  ])
})

test('a contact: before the look, full of private rows, and over', async () => {
  const context = await openContext(house)
  const who = CUSTOMERS[0]!
  const { page } = await lookAtRows(context, who)
  await inEveryLight(page, 'a contact with rows in en', 'light')
  await inEveryLight(page, 'a contact with rows in en', 'dark')
  await page.setViewportSize({ width: 1280, height: 820 })
  await page.getByRole('button', { name: 'Close with a resolution' }).click()
  await page.getByRole('dialog').waitFor()
  await inEveryLight(page, 'how it ended', 'light')
  await page.getByRole('dialog').getByLabel('The bill was explained').check()
  await page.getByRole('button', { name: 'Close this contact' }).click()
  await page.getByText('This contact is over.').waitFor()
  await page.evaluate(() => localStorage.setItem('countersign.language', 'my'))
  await page.reload()
  await page.locator('.contact').waitFor()
  await inEveryLight(page, 'a contact that is over in my', 'dark')
  await context.close()
})

test('the supervisor’s, the privacy officer’s and counsel’s pages', async () => {
  for (const [name, addresses] of [
    ['Kyaw Thura', [['/team', '.page section .state']]],
    [
      'Sandar Myint',
      [
        ['/reports', '.page .state'],
        ['/incidents', '.page .state'],
        ['/traces', '.trace-grid'],
      ],
    ],
    [
      'Myat Thida',
      [
        ['/settings', '.page details'],
        ['/employment', '.page .state'],
      ],
    ],
  ] as [string, [string, string][]][]) {
    const context = await openContext(house)
    await visitAll(context, await signInAs(context, name), addresses)
  }
})

test('the people and the ledger', async () => {
  const context = await openContext(house)
  const page = await signInAs(context, 'Aung Naing Oo')
  await page.getByRole('link', { name: 'Thiri' }).click()
  await page.locator('.page dl.facts').waitFor()
  await visitAll(context, page, [
    ['/people', 'table tbody tr'],
    [new URL(page.url()).pathname, '.page dl.facts'],
    ['/ledger', 'table tbody tr'],
    ['/ledger/100', '.page dl.facts'],
  ])
})

test('the way in, what failed, and what is not there', async () => {
  const context = await openContext(house)
  const page = await context.newPage()
  await page.goto('/sign-in')
  await visitAll(context, page, [
    ['/sign-in', '.role'],
    ['/enrol#nothing', '.state'],
  ])
  const broken = await openContext(house)
  const desk = await signInAs(broken, 'Htet Lin')
  await desk.route('**/api/people', (route) => route.abort())
  await visitAll(broken, desk, [
    ['/people', '.state.failed'],
    ['/nowhere', '.state'],
  ])
})

test('the customer’s way in', async () => {
  const context = await openContext(house, { width: 360 })
  const page = await context.newPage()
  for (const language of ['en', 'my'] as const) {
    for (const path of ['/my/sign-in', '/my/code']) {
      await page.goto(`${path}?language=${language}`)
      await inEveryLight(page, `${path} in ${language}`, language === 'en' ? 'light' : 'dark')
    }
  }
  await context.close()
})

for (const [language, who] of [
  ['en', MYA],
  ['my', KHIN],
] as const) {
  test(`the customer’s page in ${language}`, async () => {
    const context = await openContext(house, { width: 360 })
    const page = await signInAtMy(context, who)
    const looks = await page
      .locator('li.look[data-look]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-look')))
    await page.goto('/my/bill')
    await page.getByLabel('PIN or passphrase').fill(who.pin)
    await page.getByRole('button', { name: 'Open' }).click()
    await page.locator('.headline').waitFor()
    if (language === 'my') await page.locator('header button', { hasText: 'မြန်မာ' }).click()
    const one = looks.slice(0, 1).flatMap((look) => [`/my/looks/${look}`, `/my/looks/${look}/not-mine`])
    for (const path of [
      '/my',
      '/my/bill',
      '/my/calls',
      '/my/protection',
      '/my/case',
      '/my/prove?to=bill',
      ...one,
    ]) {
      await page.goto(path)
      if (path === '/my' && one.length > 0) await page.locator('.proof .proven').first().waitFor()
      await inEveryLight(page, `${path} in ${language}`, language === 'en' ? 'light' : 'dark')
    }
    await context.close()
  })
}

test('the demo’s phone', async () => {
  const context = await openContext(house)
  const chooser = await context.newPage()
  await chooser.goto('/demo/phone')
  await inEveryLight(chooser, 'whose phone', 'light')
  const phone = await openPhone(context, KHIN)
  await inEveryLight(phone, 'a phone', 'dark')
  await ring(phone, 'M-17')
  await inEveryLight(phone, 'a phone on the line', 'light')
  await context.close()
})

test('over every desk stands that somebody put code into the database, as long as it is there', async () => {
  const { database } = house.server.rooms.world
  const { schemaWatch } = house.server.rooms
  await database.pool.query(`CREATE FUNCTION public.drop_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER drop_it BEFORE INSERT ON platform.sms_outbox FOR EACH ROW EXECUTE FUNCTION public.drop_it()`)
  await schemaWatch.look()
  const context = await openContext(house)
  const page = await signInAs(context, 'Ei Phyu')
  await page.getByRole('alert').getByText('in the database that we did not put there').waitFor()
  await database.pool.query('DROP FUNCTION public.drop_it() CASCADE')
  await schemaWatch.look()
  await page.reload()
  await page.locator('.page section form').waitFor()
  await page.getByRole('alert').waitFor({ state: 'detached' })

  await database.pool.query('CREATE VIEW care.looks AS SELECT * FROM care.look')
  await schemaWatch.look()
  await visitAll(context, page, [['/care', '.card.alarm']])
  await database.pool.query('DROP VIEW care.looks')
})
