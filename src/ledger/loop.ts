/** Work that is done again and again in the background, never twice at once. */
export interface Loop {
  start(): void
  /** Resolves when what is under way has ended. */
  stop(): Promise<void>
}

/** Runs `step` at once and every `everyMs` milliseconds from its start on; what it throws goes to `failed`. */
export function createLoop(
  everyMs: number,
  step: () => Promise<unknown>,
  failed: (error: unknown) => void,
): Loop {
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null
  const turn = () => {
    running ??= step()
      .then(() => {}, failed)
      .finally(() => {
        running = null
      })
  }
  return {
    start() {
      timer ??= setInterval(turn, everyMs)
      timer.unref()
      turn()
    },
    async stop() {
      if (timer !== null) clearInterval(timer)
      timer = null
      await running
    },
  }
}
