let word = ''
const listeners = new Set<() => void>()

/** What a page wants said at the end of the foot line: "Your look is entry 48,196". */
export const lastWord = {
  read: (): string => word,
  listen: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  say: (next: string): void => {
    if (next === word) return
    word = next
    for (const listener of listeners) listener()
  },
}
