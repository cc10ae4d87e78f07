import type { Action } from '../../src/staff/actions.ts'
import type { Resource } from '../../src/staff/policy.ts'
import type { Role, StaffFacts } from '../../src/staff/staff.ts'

/** Somebody with nothing against them. */
export function person(change: Partial<StaffFacts> = {}): StaffFacts {
  return {
    id: 'staff-1',
    deskName: 'M-17',
    name: 'Thiri',
    roles: ['champion'],
    office: 'mandalay',
    team: 'mandalay-1',
    status: 'active',
    onShift: true,
    conductSigned: true,
    trained: true,
    sessionId: 'session-1',
    device: { shop: null },
    ...change,
  }
}

type Contact = Extract<Resource, { type: 'Contact' }>
type Person = Extract<Resource, { type: 'Person' }>
type Proposal = Extract<Resource, { type: 'Proposal' }>

const contact = (change: Partial<Contact['attributes']> = {}): Contact => ({
  type: 'Contact',
  id: 'contact-1',
  attributes: { channel: 'call', circle: 'none', ...change },
})
const about = (id: string, team: string): Person => ({ type: 'Person', id, attributes: { team } })
const proposal = (change: Partial<Proposal['attributes']> = {}): Proposal => ({
  type: 'Proposal',
  id: 'proposal-1',
  attributes: { proposedBy: 'staff-2', about: 'staff-3', ...change },
})

type Incident = Extract<Resource, { type: 'Incident' }>
const incident = (change: Partial<Incident['attributes']> = {}): Incident => ({
  type: 'Incident',
  id: 'incident-1',
  attributes: {
    open: true,
    confirmed: false,
    involved: ['staff-3'],
    pathApprovals: [],
    morePathApprovals: [],
    ...change,
  },
})
const confirmed = (pathApprovals: string[], morePathApprovals: string[] = []) =>
  incident({ confirmed: true, pathApprovals, morePathApprovals })

/** The words of `policies/table.md`: each says one thing about the person asking, or what is asked about. */
const ABOUT_THE_PERSON: Record<string, Partial<StaffFacts>> = {
  'conduct unsigned': { conductSigned: false },
  'off shift': { onShift: false },
  untrained: { trained: false },
  frozen: { status: 'frozen' },
  dismissed: { status: 'dismissed' },
  "on the shop's device": { device: { shop: 'mandalay-78th-street' } },
}
const ABOUT_THE_MATTER: Record<string, Resource> = {
  'at the counter': { type: 'Desk', id: 'desk' },
  'a customer': contact(),
  'her own number': contact({ circle: 'own' }),
  "her household's number": contact({ circle: 'household' }),
  'a number she declared': contact({ circle: 'declared' }),
  'a colleague of her team': contact({ circle: 'colleague', colleagueTeam: 'mandalay-1' }),
  'a colleague of another team': contact({ circle: 'colleague', colleagueTeam: 'yangon-1' }),
  'a customer passed on by another team': contact({ referredFromTeam: 'yangon-1' }),
  'a customer passed on by her team': contact({ referredFromTeam: 'mandalay-1' }),
  'her own contact': contact({ holder: 'staff-1' }),
  "somebody else's contact": contact({ holder: 'staff-2' }),
  'a visit in a shop': contact({ channel: 'shop' }),
  'a visit in a shop under version 1': contact({ channel: 'shop', needsShopDevice: false }),
  "somebody else's visit in a shop": contact({ channel: 'shop', holder: 'staff-2' }),
  'her own visit in a shop': contact({ channel: 'shop', holder: 'staff-1' }),
  herself: about('staff-1', 'mandalay-1'),
  'somebody of her team': about('staff-2', 'mandalay-1'),
  'somebody of another team': about('staff-2', 'yangon-1'),
  "another's proposal": proposal(),
  'her own proposal': proposal({ proposedBy: 'staff-1' }),
  'a proposal about her': proposal({ about: 'staff-1' }),
  'a proposal she approved': proposal({ approvedBy: ['staff-1'] }),
  'a champion made administrator': proposal({ role: 'administrator', holds: ['champion'] }),
  'an auditor made champion': proposal({ role: 'champion', holds: ['auditor'] }),
  'an open incident': incident(),
  'a closed incident': incident({ open: false }),
  'an incident about her': incident({ involved: ['staff-1'] }),
  'a confirmed incident': confirmed([]),
  'one other approved': confirmed(['staff-2', 'staff-2']),
  'she and another approved': confirmed(['staff-1', 'staff-2']),
  'two others approved': confirmed(['staff-2', 'staff-3']),
  'two others approved twice': confirmed(['staff-2', 'staff-3'], ['staff-2', 'staff-3']),
  'a champion made supervisor': proposal({ role: 'supervisor', holds: ['champion'] }),
}

/** One row of the table of tests. */
export interface Row {
  readonly line: number
  readonly roles: Role[]
  readonly action: Action
  readonly staff: StaffFacts
  readonly resource: Resource
  readonly situation: string
  /** `allowed`, or the refusal's code. */
  readonly answer: string
}

/** Reads the rows `| role | action | situation | answer |` below the heading *Situations*. */
export function readRows(markdown: string): Row[] {
  return tableAfter(markdown, '## Situations').map(({ line, cells }) => {
    const [roles = '', action = '', situation = '', answer = ''] = cells
    const words = situation.split(',').map((word) => word.trim())
    let staff = person({ roles: roles.split('+').map((role) => role.trim() as Role) })
    let resource: Resource | null = null
    for (const word of words) {
      if (word in ABOUT_THE_PERSON) staff = { ...staff, ...ABOUT_THE_PERSON[word] }
      else if (word in ABOUT_THE_MATTER) resource = ABOUT_THE_MATTER[word] as Resource
      else throw new Error(`policies/table.md:${line}: no situation is called "${word}"`)
    }
    if (resource === null) throw new Error(`policies/table.md:${line}: says nothing about the matter`)
    return { line, roles: [...staff.roles], action: action as Action, staff, resource, situation, answer }
  })
}

/** Reads the matrix below *At the counter*: a line an action, a column a role. */
export function readMatrix(
  markdown: string,
): { line: number; action: string; roles: Map<string, boolean> }[] {
  const lines = markdown.split('\n')
  const head = lines[lines.findIndex((text) => text.startsWith('## At the counter'))]
  const rows = tableAfter(markdown, head ?? '', true)
  const names = rows[0]?.cells.slice(1) ?? []
  return rows.slice(1).map(({ line, cells }) => ({
    line,
    action: cells[0] ?? '',
    roles: new Map(names.map((name, index) => [name, cells[index + 1] === 'yes'])),
  }))
}

function tableAfter(
  markdown: string,
  heading: string,
  withHead = false,
): { line: number; cells: string[] }[] {
  const lines = markdown.split('\n')
  const from = lines.indexOf(heading)
  const end = lines.findIndex((text, index) => index > from && text.startsWith('## '))
  return lines
    .map((text, index) => ({ text, line: index + 1 }))
    .slice(from, end === -1 ? undefined : end)
    .filter(({ text }) => text.startsWith('|') && !/^\|[\s|:-]+\|$/.test(text))
    .slice(withHead ? 0 : 1)
    .map(({ text, line }) => ({
      line,
      cells: text
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    }))
}
