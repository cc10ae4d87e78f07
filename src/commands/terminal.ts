import { SingleBar } from 'cli-progress'

/** What a command's exit code means; `docs/running.md` has the same table. */
export const EXIT = {
  done: 0,
  /** The command worked and its answer is no: a broken ledger, a refused freeze. */
  no: 1,
  /** The command line or a file named on it cannot be understood. */
  usage: 2,
  /** Database, keys or network could not be had; nothing was changed. */
  unavailable: 3,
  /** Done, but some lines are in quarantine. */
  quarantined: 4,
} as const

/** Where long work says how far it is: `done` from 0 to 1, `phrase` in a few words. */
export interface Progress {
  update(done: number, phrase: string): void
  end(): void
}

/** A bar on standard error when a person watches; otherwise nothing, so that output stays readable by programs. */
export function showProgress(title: string): Progress {
  if (!process.stderr.isTTY) return { update: () => {}, end: () => {} }
  const bar = new SingleBar({
    format: `${title} [{bar}] {percentage}% {phrase}`,
    stream: process.stderr,
    hideCursor: true,
    barsize: 30,
    clearOnComplete: true,
  })
  bar.start(1_000, 0, { phrase: '' })
  return {
    update: (done, phrase) => bar.update(Math.round(done * 1_000), { phrase }),
    end: () => bar.stop(),
  }
}

/** Prints `value` as one line of JSON with `--json`, else the lines for people. */
export function print(json: boolean, value: unknown, lines: () => string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines().join('\n')}\n`)
}
