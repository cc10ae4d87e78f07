/**
 * What became of one line that another system handed over. A fault's words name fields and rules, never a value;
 * `later`: the same line may be right once the rest of its source is in.
 */
export type Taken = 'added' | 'changed' | 'same' | { readonly fault: string; readonly later: boolean }

/** Says that a line cannot be taken, whatever else comes. */
export function faulty(fault: string): Taken {
  return { fault, later: false }
}

/** Says that a line cannot be taken yet. */
export function faultyYet(fault: string): Taken {
  return { fault, later: true }
}
