// What a tab must hear that joins a stream which is open already: the state so far, as one message.

export interface Replay {
  take(message: unknown): void
  /** Everything so far; undefined before the first message. */
  whole(): unknown
  /** The stream begins again. `isGap`: what was heard before is no longer true. */
  restart(isGap: boolean): void
  /** Grows whenever a change is forgotten that `whole` no longer has. */
  readonly forgotten: number
}

/** The replay of a stream; undefined where a tab must begin for itself, as with a log, which begins with its first line. */
export function replayOf(url: string): Replay | undefined {
  const path = url.split('?', 1)[0] ?? ''
  if (path.endsWith('/api/v1/cluster/watch')) return new ClusterReplay()
  if (path.endsWith('/watch')) return new TasksReplay()
  return undefined
}

/** More than a watch by ids can have. A page that watches by a filter reads its list when it has joined. */
const MOST_TASKS = 1000

class TasksReplay implements Replay {
  forgotten = 0
  private readonly latest = new Map<string, object>()

  take(message: unknown): void {
    for (const task of (message as { tasks?: { task_id: string }[] }).tasks ?? []) {
      this.latest.delete(task.task_id)
      this.latest.set(task.task_id, task)
    }
    for (const id of this.latest.keys()) {
      if (this.latest.size <= MOST_TASKS) break
      this.latest.delete(id)
      this.forgotten += 1
    }
  }

  whole = () => (this.latest.size ? { tasks: [...this.latest.values()] } : undefined)

  restart(isGap: boolean): void {
    if (!isGap) return
    this.latest.clear()
    this.forgotten += 1
  }
}

interface Change {
  set?: Record<string, unknown>
  removed?: string[]
  problem?: unknown
}

class ClusterReplay implements Replay {
  readonly forgotten = 0
  private kinds = new Map<string, Change & { set: Record<string, unknown> }>()

  take(message: unknown): void {
    for (const [kind, change] of Object.entries(message as Record<string, Change>)) {
      const known = this.kinds.get(kind) ?? { set: {} }
      for (const key of change.removed ?? []) delete known.set[key]
      Object.assign(known.set, change.set)
      if ('problem' in change) known.problem = change.problem
      this.kinds.set(kind, known)
    }
  }

  whole = () => (this.kinds.size ? Object.fromEntries(this.kinds) : undefined)

  restart(): void {
    // The first message after it has everything.
    this.kinds = new Map()
  }
}
