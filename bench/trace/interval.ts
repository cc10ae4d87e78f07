/** A share with its 95% interval (Wilson). */
export interface Share {
  readonly of: number
  readonly share: number
  readonly low: number
  readonly high: number
}

/** `hits` out of `of`. */
export function shareOf(hits: number, of: number): Share {
  const z = 1.96
  const p = of === 0 ? 0 : hits / of
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))
  return {
    of,
    share: round(p),
    low: round(Math.max(0, middle - half)),
    high: round(Math.min(1, middle + half)),
  }
}

/** `0.950 (0.931 to 0.965)` */
export function showShare({ share, low, high }: Share): string {
  return `${share.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`
}

function round(n: number): number {
  return Number(n.toFixed(4))
}
