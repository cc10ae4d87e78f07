/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Words } from '../../../platform/words.ts'
import type { EntryReport } from '../bundle-entry.ts'
import { type Fault, faultPlace, faultWords } from '../fault.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { type ShownBlock, shownBlocks } from '../shown.ts'
import { type BundleReport, verifyBundle } from '../verify-bundle.ts'
import { PAGE, verdictWords } from './words.ts'

/** The script of `verify.html`: takes a zip from the reader's hand and says what holds. It asks no network anything. */

let bundle: Uint8Array | null = null
const file = byId<HTMLInputElement>('file')
const key = byId<HTMLInputElement>('key')
const result = byId<HTMLElement>('result')

fill()
file.addEventListener('change', () => void take(file.files?.[0]))
key.addEventListener('input', () => show())
addEventListener('dragover', (event) => event.preventDefault())
addEventListener('drop', (event) => {
  event.preventDefault()
  void take(event.dataTransfer?.files[0])
})

async function take(chosen: File | undefined): Promise<void> {
  if (chosen === undefined) return
  bundle = new Uint8Array(await chosen.arrayBuffer())
  show()
}

function fill(): void {
  for (const [id, words] of Object.entries(PAGE))
    for (const place of document.querySelectorAll(`[data-say="${id}"]`)) place.append(...both(words))
}

function show(): void {
  result.replaceChildren()
  if (bundle === null) return
  const given = key.value.trim()
  let report: BundleReport
  try {
    report = verifyBundle(bundle, given === '' ? {} : { verifierKey: given })
  } catch {
    // Only the reader's key throws.
    result.append(card('bad', ...both(PAGE.keyBad)))
    return
  }
  const verdict = element('h2', '', ...both(verdictWords(report)))
  verdict.id = 'verdict'
  const tone = !report.holds ? 'bad' : report.keyGiven ? 'good' : 'open'
  result.append(card(tone, verdict, ...keyLines(report)))
  result.append(bundleCard(report), ...report.entries.map(entryCard))
}

function keyLines(report: BundleReport): Node[] {
  if (report.verifierKey === null) return []
  const print = element('code', 'print', text(fingerprintOf(report.verifierKey)))
  const name = element('p', 'small', text(report.verifierKey))
  return [element('h3', '', ...both(PAGE.fingerprint)), print, name]
}

function bundleCard({ faults, sealedBy, madeAt, witnesses }: BundleReport): HTMLElement {
  const heading = element('h2', '', ...both(PAGE.bundle))
  if (faults.length > 0) return card('bad', heading, faultList(faults))
  const made = madeAt === null ? '' : `${new Date(madeAt).toISOString()} · `
  const line = element('p', 'small', text(`${made}${PAGE.entry.en} · ${PAGE.entry.my} ${sealedBy}`))
  const by = witnesses?.by ?? []
  const cosigned = element(
    'p',
    'small',
    ...both(by.length > 0 ? PAGE.witnesses : PAGE.noWitness),
    text(by.join(', ')),
  )
  const strangers = witnesses?.strangers ?? []
  const others =
    strangers.length === 0 ? [] : [element('p', 'small', ...both(PAGE.strangers), text(strangers.join(', ')))]
  return card('good', heading, element('p', '', ...both(PAGE.bundleHolds)), cosigned, ...others, line)
}

function entryCard(entry: EntryReport): HTMLElement {
  const holds = entry.faults.length === 0
  const title = (language: 'en' | 'my') =>
    `${PAGE.entry[language]} ${entry.index} ${(holds ? PAGE.holds : PAGE.fails)[language]}`
  const heading = element('h2', '', ...both({ en: title('en'), my: title('my') }))
  if (!holds) return card('bad', heading, faultList(entry.faults))
  const parts: Node[] = [
    element('p', '', ...both(PAGE.inLog)),
    element('p', '', ...both(PAGE[entry.bodyState])),
    details(PAGE.header, JSON.stringify(entry.header)),
  ]
  if (entry.allowed !== null) {
    const { allowance, key } = entry.allowed
    const says = element('blockquote', '', text(allowance.says))
    says.lang = allowance.language
    parts.push(
      element('h3', '', ...both(PAGE.allowed)),
      says,
      element('p', 'small', ...both(PAGE.allowedKey), text(String(key.enrolledBy))),
    )
  }
  if (entry.body !== null) parts.push(details(PAGE.body, JSON.stringify(entry.body)))
  if (entry.shown !== null)
    parts.push(element('h3', '', ...both(PAGE.shown)), ...shownBlocks(entry.shown).map(blockNode))
  return card('good', heading, ...parts)
}

function faultList(faults: readonly Fault[]): HTMLElement {
  const items = faults.map((fault) => {
    const place = [faultPlace(fault), fault.detail ?? ''].filter((part) => part !== '').join(' · ')
    return element('li', '', ...both(faultWords(fault)), element('code', 'place', text(place)))
  })
  return element('ul', '', ...items)
}

function details(title: Words, json: string): HTMLElement {
  const inner = shownBlocks(json).map(blockNode)
  return element('details', '', element('summary', '', ...both(title)), ...inner)
}

function blockNode(block: ShownBlock): HTMLElement {
  const parts: Node[] = block.heading === '' ? [] : [element('h4', '', text(block.heading))]
  if (block.facts.length > 0)
    parts.push(
      element(
        'dl',
        '',
        ...block.facts.flatMap(([n, v]) => [element('dt', '', text(n)), element('dd', '', text(v))]),
      ),
    )
  if (block.table !== null) {
    const head = block.table.columns.map((name) => element('th', '', text(name)))
    const rows = block.table.rows.map((row) =>
      element('tr', '', ...row.map((cell) => element('td', '', text(cell)))),
    )
    parts.push(scrolling(element('table', '', element('tr', '', ...head), ...rows)))
  }
  if (block.text !== null) parts.push(element('pre', '', text(block.text)))
  return element('div', '', ...parts)
}

/** Wider than the screen it scrolls by itself, with the keyboard too. */
function scrolling(table: HTMLElement): HTMLElement {
  const box = element('div', 'wide', table)
  box.tabIndex = 0
  box.role = 'group'
  box.ariaLabel = `${PAGE.table.en} · ${PAGE.table.my}`
  return box
}

function card(tone: 'good' | 'bad' | 'open', ...children: Node[]): HTMLElement {
  return element('section', `card ${tone}`, ...children)
}

function both(words: Words): Node[] {
  const my = element('span', 'my', text(words.my))
  my.lang = 'my'
  return [element('span', 'en', text(words.en)), my]
}

function element(name: string, className: string, ...children: Node[]): HTMLElement {
  const made = document.createElement(name)
  if (className !== '') made.className = className
  made.append(...children)
  return made
}

function text(words: string): Text {
  return document.createTextNode(words)
}

function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T
}
