import type { OtherParty } from '../call-record.ts'
import type { NumberPlan } from '../numbers.ts'
import type { PartyTable } from '../parties.ts'
import { createByteMemo } from './byte-memo.ts'

/** Reads the ids of parties in the dictionaries of one file. */
export interface PartyIds {
  /** The id of what `bytes[from]` to `bytes[until - 1]` name; `no` for what is no party. */
  idOf(bytes: Buffer, from: number, until: number): number
}

/** What a plan makes of bytes, from file to file. */
interface PartyMemo {
  /** The place of a party among all that were read since `generation` changed. */
  placeOf(bytes: Buffer, from: number, until: number): number
  readonly generation: number
  /** By place: the digits of a number, or a party of another kind, or null for none. */
  readonly parties: readonly (number | OtherParty | null)[]
}

/** Bounded, so that memory is: some 100 bytes each. */
const MOST_PARTIES = 262_144

const plans = new WeakMap<NumberPlan, Map<string, PartyMemo>>()

/**
 * Reads parties by their bytes: what they mean is remembered under `plan` and `form` (two that read alike have the same)
 * from file to file and from column to column, for the same subscribers are in all of them.
 */
export function createPartyIds(
  { plan, form, no }: { readonly plan: NumberPlan; readonly form: string; readonly no: number },
  read: (latin1: string) => OtherParty | null,
): (others: PartyTable) => PartyIds {
  const forms = plans.get(plan) ?? new Map<string, PartyMemo>()
  plans.set(plan, forms)
  const memo = forms.get(form) ?? createPartyMemo(read)
  forms.set(form, memo)
  return (others) => {
    /** By place: the id in this file, one more than it is; 0 while it has none. */
    let ids = new Int32Array(256)
    let { generation } = memo
    const meet = (place: number): number => {
      if (place >= ids.length) ids = enlarged(ids, Math.max(ids.length * 2, place + 1))
      const party = memo.parties[place]!
      if (party === null) return no
      const id = typeof party === 'number' ? others.idOfNumber(party) : others.idOf(party)
      ids[place] = id + 1
      return id
    }
    return {
      idOf(bytes, from, until) {
        const place = memo.placeOf(bytes, from, until)
        if (generation !== memo.generation) {
          generation = memo.generation
          ids.fill(0)
        }
        const known = place < ids.length ? ids[place]! : 0
        return known === 0 ? meet(place) : known - 1
      },
    }
  }
}

function createPartyMemo(read: (latin1: string) => OtherParty | null): PartyMemo {
  let parties: (number | OtherParty | null)[] = []
  let generation = 0
  const places = createByteMemo((text) => {
    if (parties.length === MOST_PARTIES) {
      parties = []
      generation++
      places.clear()
    }
    const party = read(text)
    return parties.push(party?.kind === 'number' ? Number(party.number.slice(1)) : party) - 1
  }, MOST_PARTIES)
  return {
    placeOf: places.valueOf,
    get generation() {
      return generation
    },
    get parties() {
      return parties
    },
  }
}

function enlarged(ids: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size)
  larger.set(ids)
  return larger
}
