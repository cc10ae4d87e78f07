/** HTTP status of this room's refusals. */
export const ERASURE_PROBLEMS: Readonly<Record<string, number>> = {
  'number-not-understood': 422,
  'holding-not-found': 404,
  'still-held': 409,
  'erased-already': 409,
  'erasure-waiting': 409,
  'erasure-not-found': 404,
  'erasure-decided': 409,
  'same-person': 403,
}
