import type { App } from '../platform/http/app.ts'
import { setCookie } from '../platform/http/cookies.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { StaffRoom } from './room.ts'
import * as schemas from './schemas.ts'
import { DEVICE_COOKIE } from './session-routes.ts'
import { staffOf } from './staff.ts'

const tags = ['devices']
const FIVE_YEARS_SECONDS = 5 * 365 * 86_400

/** Devices of shops. */
export function addDeviceRoutes(app: App, room: StaffRoom): void {
  app.get(
    '/api/devices',
    {
      config: { access: { kind: 'staff', action: 'register-device' } },
      schema: { tags, summary: 'Registered devices of shops', response: { 200: schemas.DevicesSchema } },
    },
    async () => ({ devices: await room.devices.list() }),
  )
  app.post(
    '/api/devices',
    {
      config: { access: { kind: 'staff', action: 'register-device' } },
      schema: {
        tags,
        summary: "Issue a link to open on a shop's device",
        body: schemas.ShopBody,
        response: { 200: schemas.LinkSchema },
      },
    },
    async (request, reply) => {
      const link = await room.devices.issueLink(staffOf(request), request.body.shop)
      return isRefusal(link) ? reply.refuse(link) : link
    },
  )
  app.post(
    '/api/devices/registration',
    {
      config: { access: { kind: 'public' } },
      schema: {
        tags,
        summary: "Make this browser a shop's device, with a link",
        body: schemas.TokenBody,
        response: { 200: schemas.ShopSchema },
      },
    },
    async (request, reply) => {
      const device = await room.devices.register(request.body.token)
      if (isRefusal(device)) return reply.refuse(device)
      setCookie(reply, DEVICE_COOKIE, device.token, FIVE_YEARS_SECONDS)
      return { shop: device.shop }
    },
  )
  app.post(
    '/api/devices/:id/revocation',
    {
      config: { access: { kind: 'staff', action: 'register-device' } },
      schema: {
        tags,
        summary: 'Take a device back',
        params: schemas.IdParams,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const no = await room.devices.revoke(staffOf(request), request.params.id)
      return no === null ? { done: true as const } : reply.refuse(no)
    },
  )
}
