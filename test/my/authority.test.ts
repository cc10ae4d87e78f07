import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHouse, signIn, visit } from './house.ts'

const words = (en: string) => ({ en, my: en })

test('her page shows what an authority was given, and nothing that was given about another holder', async (t) => {
  const house = await openHouse(t, { looks: false })
  const { room, her } = house
  const disclosed = (tenure: string, authority: string) =>
    room.ledger.record({
      kind: 'authority-disclosure',
      header: { outcome: 'told', counts: { customers: 1 } },
      subject: her.subject,
      body: {
        request: 'r1',
        tenure,
        authority: words(authority),
        gate: words('the regulator'),
        basis: words('section 75'),
        from: room.time / 1000 - 9 * 86_400,
        until: room.time / 1000 - 2 * 86_400,
        rows: 43,
        fields: ['time', 'other-number'],
        deliveredAt: room.time,
      },
    })
  await disclosed(her.tenure, 'The CID <b>in Yangon</b>')
  await disclosed('an-earlier-holder', 'Somebody else')
  const visitor = visit(house.app)
  await signIn(house, visitor)
  const { body } = await visitor.get('/my')
  assert.match(
    body,
    /The CID &#60;b&#62;in Yangon&#60;\/b&#62; asked through the regulator, on the ground of section 75/,
  )
  assert.match(body, /43 records/)
  assert.match(body, /when, with which number/)
  assert.equal(body.includes('Somebody else'), false)
  assert.equal(body.includes('Nobody looked.'), false)
})
