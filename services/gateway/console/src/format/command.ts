// Command lines that do what the page is about to do, to copy into a terminal.

/** A word of a shell's command line. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

const DEFAULT_ADDRESS = '127.0.0.1:7600'

/** A command that finds its cluster: with the address where it would look for it at another one. */
export function withAddress(address: string, command: string): string {
  return address && address !== DEFAULT_ADDRESS ? `ASYNCTASK_ADDRESS=${quoted(address)} ${command}` : command
}

/** Modules of our own executors, by type: the cluster does not know where another type is declared. */
const READY_MADE: Record<string, string> = { backup_file: 'asynctask_nas:backup_file' }

/** Starts an executor for a type; `queue` is one that the type itself does not name, else empty. */
export function executorLine(type: string, queue: string): { command: string; isModuleUnknown: boolean } {
  const target = READY_MADE[type]
  const option = queue ? ` --queue ${quoted(queue)}` : ''
  return { command: `./dev cli executor ${target ?? 'MODULE:NAME'}${option}`, isModuleUnknown: !target }
}

export interface Submission {
  taskType: string
  /** The config, as JSON on one line. */
  config: string
  priority?: number
  queue?: string
  labels: Record<string, string>
  startTime?: string
}

/** The body of the request. The config stands in it as it is written, so that no number in it is rounded. */
export function submitBody(submission: Submission): string {
  const { taskType, config, priority, queue, labels, startTime } = submission
  const members = [`"task_type": ${JSON.stringify(taskType)}`, `"task_config": ${config}`]
  if (priority) members.push(`"priority": ${priority}`)
  if (queue) members.push(`"queue": ${JSON.stringify(queue)}`)
  if (Object.keys(labels).length) members.push(`"labels": ${JSON.stringify(labels)}`)
  if (startTime) members.push(`"start_time": ${JSON.stringify(startTime)}`)
  return `{${members.join(', ')}}`
}

/** Reads a URL. */
export function readLine(url: string, needsToken: boolean): string {
  const token = needsToken ? ` \\\n  -H "Authorization: Bearer $ASYNCTASK_GATEWAY_TOKEN"` : ''
  return `curl ${quoted(url)}${token}`
}

export function curlLine(url: string, body: string, needsToken: boolean): string {
  return `${readLine(url, needsToken)} \\\n  -H 'Content-Type: application/json' \\\n  -d ${quoted(body)}`
}

export function submitLine(submission: Submission): string {
  const { taskType, config, priority, queue, labels, startTime } = submission
  const parts = [`./dev cli submit ${quoted(taskType)}`]
  if (config !== '{}') parts.push(`--config ${quoted(config)}`)
  if (priority) parts.push(`--priority ${priority}`)
  if (queue) parts.push(`--queue ${quoted(queue)}`)
  for (const [key, value] of Object.entries(labels)) parts.push(`--label ${quoted(`${key}=${value}`)}`)
  if (startTime) parts.push(`--start-time ${quoted(startTime)}`)
  return parts.length > 2 ? parts.join(' \\\n  ') : parts.join(' ')
}
