import { createChance } from '../adversary/random.ts'

/**
 * Isolation forest (Liu, Ting, Zhou 2008): 100 trees over samples of 256 rows; a row that random cuts isolate early is
 * an anomaly. Gives each row's score in (0, 1), by the paper's normalisation.
 */
export function isolationForest(
  rows: readonly (readonly number[])[],
  options: { seed: string; trees?: number; sample?: number },
): Float64Array {
  const { seed, trees = 100, sample = 256 } = options
  const chance = createChance(seed, 'isolation forest')
  const height = Math.ceil(Math.log2(sample))
  const forest = Array.from({ length: trees }, () =>
    grow(
      Array.from({ length: sample }, () => rows[chance.int(0, rows.length - 1)]!),
      0,
      height,
      chance.next,
    ),
  )
  const usual = averagePath(sample)
  return Float64Array.from(rows, (row) => {
    let sum = 0
    for (const tree of forest) sum += pathOf(tree, row)
    return 2 ** (-sum / trees / usual)
  })
}

type Tree =
  | { readonly size: number }
  | { readonly by: number; readonly at: number; readonly below: Tree; readonly above: Tree }

function grow(rows: readonly (readonly number[])[], depth: number, height: number, next: () => number): Tree {
  if (depth >= height || rows.length <= 1) return { size: rows.length }
  const width = rows[0]!.length
  const varying = Array.from({ length: width }, (_, by) => by).filter((by) => {
    const first = rows[0]![by]!
    return rows.some((row) => row[by] !== first)
  })
  if (varying.length === 0) return { size: rows.length }
  const by = varying[Math.floor(next() * varying.length)]!
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const row of rows) {
    least = Math.min(least, row[by]!)
    most = Math.max(most, row[by]!)
  }
  const at = least + next() * (most - least)
  return {
    by,
    at,
    below: grow(
      rows.filter((row) => row[by]! < at),
      depth + 1,
      height,
      next,
    ),
    above: grow(
      rows.filter((row) => row[by]! >= at),
      depth + 1,
      height,
      next,
    ),
  }
}

function pathOf(tree: Tree, row: readonly number[]): number {
  let depth = 0
  let node = tree
  while ('by' in node) {
    node = row[node.by]! < node.at ? node.below : node.above
    depth += 1
  }
  return depth + averagePath(node.size)
}

/** Length of an unsuccessful search in a binary tree of `size`. */
function averagePath(size: number): number {
  if (size <= 1) return 0
  if (size === 2) return 1
  return 2 * (Math.log(size - 1) + 0.5772156649) - (2 * (size - 1)) / size
}
