import { createClients } from './crm/clients.ts'
import { createCrmDesk } from './crm/desk.ts'
import { addCrmRoutes } from './crm/routes.ts'
import { createMeanings } from './directory/meaning.ts'
import { createProvisioning } from './directory/people.ts'
import { addDirectoryRoutes, addMeaningRoutes } from './directory/routes.ts'
import { addScimRoutes } from './directory/scim-routes.ts'
import { createDirectorySignIn } from './directory/sign-in.ts'
import { addImportRoutes } from './import/routes.ts'
import { importParties, importPlace } from './import-room.ts'
import type { App } from './platform/http/app.ts'
import type { Rooms } from './rooms.ts'

/** The doors for the operator's own systems: its directory, its CRM, and what hands over lines. */
export function addOperatorSystems(app: App, rooms: Rooms): void {
  const { config, staff, log } = rooms
  const parties = { ...staff.parties, staff }
  const { db, publicUrl } = staff.parties
  addMeaningRoutes(app, createMeanings(parties))
  if (config.scimSecret !== null) {
    app.setGuards({ secrets: { scim: config.scimSecret } })
    addScimRoutes(app, { db, publicUrl, provisioning: createProvisioning(parties) })
  }
  if (config.directory !== null) {
    const signIn = createDirectorySignIn({ ...parties, directory: config.directory, log })
    addDirectoryRoutes(app, { signIn, devices: staff.devices, publicUrl })
  }
  const imports = { parties: importParties(rooms), place: importPlace(rooms), secret: config.importSecret }
  addImportRoutes(app, imports)
  const { ledger, clock, random } = staff.parties
  const base = { db, ledger, clock, random }
  const { currency, offsetMinutes } = rooms.operator.jurisdiction
  addCrmRoutes(app, {
    clients: createClients(base),
    desk: createCrmDesk({ ...base, care: rooms.care, staff, publicUrl }),
    place: { currency: currency.code, offsetMinutes },
  })
}
