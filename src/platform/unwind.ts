/**
 * Undoes in reverse, the last first; each step is tried, whatever became of the one before.
 * @throws what the first step that failed threw, once all were tried.
 */
export async function unwind(undo: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = []
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    try {
      await step()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
