/// <reference lib="dom" />
import { sha256 } from '../../ledger/merkle.ts'
import type { CompletenessProof } from '../../ledger/subjects/completeness.ts'
import { parsePolicy } from '../../ledger/trust-policy.ts'
import { CodedError } from '../../platform/coded-error.ts'
import type { Language, Words } from '../../platform/words.ts'
import { agoWords } from '../sentence.ts'
import {
  type CompleteList,
  type CompleteParties,
  checkComplete,
  keptOf,
  parseKept,
  type ShownLine,
} from './check-complete.ts'
import { count, FAULT_WORDS, OTHER_FAULT, SCRIPT_WORDS as S, speak } from './words.ts'

/** The server did not answer: nothing is proven, and nothing is wrong. */
export class Unreachable extends Error {}

const KEY = 'countersign-list'

type Session = Pick<CompleteParties, 'verifierKey' | 'head' | 'reader' | 'fetchBytes'> & {
  readonly operator: string
  readonly total: HTMLElement
  readonly root: HTMLElement
}

/** Checks that the page shows all there is, and says so at its top; or, in words, exactly what fails. */
export async function sayWhole(session: Session, proof: CompletenessProof | null): Promise<void> {
  const { root, total, reader } = session
  const { language } = reader
  const number = root.dataset.number ?? ''
  const key = `${KEY}/${[...sha256(new TextEncoder().encode(number)).subarray(0, 8)].join('-')}`
  // A phone that has seen a count once knows better than to wait for the first.
  if (proof === null && stored(key) === null) return say(total, 'plain', S.notCounted, language)
  try {
    if (proof === null) throw new CodedError('whole-unreachable', 'there is no proof')
    const list = await checkComplete(proof, {
      ...session,
      number,
      policy: parsePolicy(root.dataset.policy ?? ''),
      kept: parseKept(stored(key)),
      lines: linesOf(root),
      more: root.dataset.more === 'true',
      begin: Number(root.dataset.begin),
    })
    store(key, JSON.stringify(keptOf(list)))
    sayList(session, list)
  } catch (error) {
    if (error instanceof Unreachable) return say(total, 'plain', S.unreachable, language)
    const why = speak(wordsOf(error), language)
    say(total, 'broken', S.notWhole, language, { why })
  }
}

function linesOf(root: HTMLElement): ShownLine[] {
  return [...root.querySelectorAll<HTMLElement>('[data-last]')].map((item) => {
    const { look, first, last } = item.dataset
    const given = [...item.querySelectorAll('[data-given]')].map(({ textContent }) => textContent)
    return {
      look: look ?? null,
      first: Number(first),
      last: Number(last),
      given: look === undefined ? given.join('\n') : null,
    }
  })
}

function sayList({ root, total, reader, operator }: Session, list: CompleteList): void {
  const { language } = reader
  const n = count(list.looks, language)
  const signers = list.signedBy.length
  const sentence = list.newer > 0 ? S.stillNew : list.looks === 0 ? S.nobodyLooked : S.allHere
  say(total, '', sentence, language, {
    count: speak(list.looks === 1 ? S.oneTime : S.manyTimes, language, { n }),
    since: root.dataset.since ?? '',
    ago: agoWords(ageOf(list), Date.now(), reader),
    operator,
    outsiders: speak(signers === 0 ? S.noOutsider : signers === 1 ? S.oneOutsider : S.outsiders, language, {
      n: count(signers, language),
    }),
  })
  const covers = document.getElementById('covers')
  if (covers === null) return
  const details = document.createElement('details')
  const summary = document.createElement('summary')
  summary.textContent = speak(S.coversTitle, language)
  details.append(summary, paragraph(speak(S.covers, language)))
  covers.replaceChildren(
    ...(list.newer === 0
      ? []
      : [paragraph(speak(S.newerLines, language, { n: count(list.newer, language) }))]),
    ...(list.erased === 0
      ? []
      : [paragraph(speak(S.erasedBodies, language, { n: count(list.erased, language) }))]),
    ...(list.opened === 0
      ? []
      : [paragraph(speak(S.openedSlots, language, { n: count(list.opened, language) }))]),
    ...(list.ordinal === 1
      ? []
      : [paragraph(speak(S.laterHolder, language, { n: count(list.ordinal, language) }))]),
    details,
  )
  covers.hidden = false
}

/** How old what was checked is: the epoch, by its maker's word; witnesses sign the newest one anew while nothing changes. */
function ageOf({ epoch, signedAt, newer, uncovered }: CompleteList): number {
  return newer === 0 && uncovered === 0 && signedAt !== null ? signedAt : epoch.at
}

function paragraph(text: string): HTMLElement {
  const element = document.createElement('p')
  element.textContent = text
  return element
}

/** The words before the bar in bold, the rest after. */
export function say(
  total: HTMLElement,
  kind: '' | 'plain' | 'broken',
  words: Words,
  language: Language,
  fill: Readonly<Record<string, string>> = {},
): void {
  const [bold = '', rest = ''] = speak(words, language, fill).split('|')
  total.className = `total ${kind}`.trim()
  const strong = document.createElement('b')
  strong.textContent = bold
  total.replaceChildren(strong, ` ${rest}`)
}

/** What a fault is in words. */
export function wordsOf(error: unknown): Words {
  return (error instanceof CodedError ? FAULT_WORDS[error.code as string] : undefined) ?? OTHER_FAULT
}

/** Private windows may have no storage: then every visit is a first one. */
function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function store(key: string, text: string): void {
  try {
    localStorage.setItem(key, text)
  } catch {
    // Nothing to remember with.
  }
}
