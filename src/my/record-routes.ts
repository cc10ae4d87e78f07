import Type from 'typebox'
import { customerOf } from '../customers/sessions.ts'
import type { App } from '../platform/http/app.ts'
import { openOwnBill, openOwnCalls } from './own-records.ts'
import { billPage } from './pages/bill.ts'
import { callsCsv, callsPage } from './pages/calls.ts'
import { type MyRoom, monthsOf, sendPage, signedInContext } from './room.ts'

const Month = Type.Optional(Type.String({ pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])$' }))
const tags = ['my']

/** Her own bill and calls: the second rung, and each opening an entry that only her page lists. */
export function addRecordRoutes(app: App, room: MyRoom): void {
  app.get(
    '/my/bill',
    {
      config: { access: { kind: 'customer', rung: 'person' } },
      schema: { tags, summary: 'My bill', querystring: Type.Object({ month: Month }) },
    },
    async (request, reply) => {
      const { subscriber } = customerOf(request)
      const { month, months } = pickMonth(monthsOf(room, subscriber), request.query.month)
      const whole = await openOwnBill(room, subscriber, month)
      const view = { month, months, ...whole, money: room.money, categories: room.categories }
      return sendPage(reply, billPage(await signedInContext(room, request), view))
    },
  )
  app.get(
    '/my/calls',
    {
      config: { access: { kind: 'customer', rung: 'person' } },
      schema: {
        tags,
        summary: 'My calls',
        querystring: Type.Object({
          month: Month,
          page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
        }),
      },
    },
    async (request, reply) => {
      const { subscriber } = customerOf(request)
      const { month, months } = pickMonth(monthsOf(room, subscriber), request.query.month)
      const rows = await openOwnCalls(room, subscriber, month, 'calls')
      const view = { month, months, rows, page: request.query.page ?? 1, money: room.money }
      return sendPage(reply, callsPage(await signedInContext(room, request), view))
    },
  )
  app.get(
    '/my/calls/download',
    {
      config: { access: { kind: 'customer', rung: 'person' } },
      schema: { tags, summary: 'My calls as CSV', querystring: Type.Object({ month: Month }) },
    },
    async (request, reply) => {
      const { subscriber } = customerOf(request)
      const { month } = pickMonth(monthsOf(room, subscriber), request.query.month)
      const rows = await openOwnCalls(room, subscriber, month, 'download')
      const reader = { language: subscriber.language, offsetMinutes: room.offsetMinutes }
      return reply
        .type('text/csv; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="calls-${month}.csv"`)
        .send(callsCsv(reader, rows, room.money))
    },
  )
}

/** The month asked for when it is one of hers, else the last whole one. */
function pickMonth(
  months: readonly string[],
  wanted: string | undefined,
): { month: string; months: readonly string[] } {
  const found = months.find((month) => month === wanted)
  return { month: found ?? months[1] ?? (months[0] as string), months }
}
