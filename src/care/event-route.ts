import type { App } from '../platform/http/app.ts'
import { openEventStream } from '../platform/http/sse.ts'
import type { Notifications, Payload } from '../platform/notifications.ts'
import { type StaffFacts, staffOf } from '../staff/staff.ts'

/** How often a comment keeps the stream alive. */
const HEARTBEAT_SECONDS = 20

/**
 * `GET /api/events`: what an open screen must hear of within a second. Each person hears of their own only:
 * `session-ended`, `grant-ended`, `contact-changed`, `notice`, and `call-event` of their desk. `resync` says that
 * something may have been missed: read again.
 */
export function addEventRoute(app: App, notifications: Notifications): void {
  app.get(
    '/api/events',
    {
      schema: { tags: ['events'], summary: 'What concerns me, as it happens (server-sent events)' },
      config: { access: { kind: 'staff' as const, action: null } },
    },
    async (request, reply) => {
      const staff = staffOf(request)
      const stream = openEventStream(request, reply, { heartbeatSeconds: HEARTBEAT_SECONDS })
      const channels = ['session-ended', 'grant-ended', 'contact-changed', 'notice', 'call-event'] as const
      const stops = channels.map((channel) =>
        notifications.subscribe(
          channel,
          (payload) => {
            if (!concerns(payload, staff)) return
            stream.send(channel, payload)
            if (channel === 'session-ended') stream.close()
          },
          () => stream.send('resync', {}),
        ),
      )
      stream.onClose(() => {
        for (const stop of stops) stop()
      })
      return reply
    },
  )
}

function concerns(payload: Payload, staff: StaffFacts): boolean {
  return (
    payload.staffId === staff.id || payload.sessionId === staff.sessionId || payload.desk === staff.deskName
  )
}
