// Which tasks stay in memory: those that a page shows, and the latest of the others, so that a task that is opened from a
// list shows at once. A stream tells of thousands of tasks a minute.

/** Tasks that stay though no page shows them; up to twice as many before the oldest of them go. */
export const MOST_OTHERS = 1000

/** `forget` is called with each task that no longer stays. */
export function latestAndShown(forget: (taskId: string) => void) {
  const shown = new Set<() => Iterable<string>>()
  /** The latest last. */
  const noted = new Set<string>()
  let most = 2 * MOST_OTHERS

  function note(taskId: string): void {
    noted.delete(taskId)
    noted.add(taskId)
    if (noted.size > most) sweep()
  }

  function sweep(): void {
    const kept = new Set([...shown].flatMap((ids) => [...ids()]))
    const others = [...noted].filter((id) => !kept.has(id))
    for (const id of others.slice(0, -MOST_OTHERS)) {
      noted.delete(id)
      forget(id)
    }
    most = noted.size + MOST_OTHERS
  }

  /** Keeps the tasks that a page shows until the returned function is called. */
  function keep(ids: () => Iterable<string>): () => void {
    shown.add(ids)
    return () => void shown.delete(ids)
  }

  return { note, keep }
}
