// A request id that makes a command repeatable: a UUIDv7, which becomes the id of the task that a submit makes.
// `crypto.randomUUID` is withheld from pages that came over plain HTTP.

export function newRequestId(nowMs: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const time = nowMs.toString(16).padStart(12, '0')
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const rest = [...bytes.slice(6)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest.slice(0, 4)}-${rest.slice(4, 8)}-${rest.slice(8)}`
}
