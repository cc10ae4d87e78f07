let number = ''

/** Hands a number from the search box to the care desk in memory: it must not stand in a URL or in history. */
export function handOverNumber(next: string): void {
  number = next
}

/** Takes the number handed over, once. */
export function takeNumber(): string {
  const taken = number
  number = ''
  return taken
}
