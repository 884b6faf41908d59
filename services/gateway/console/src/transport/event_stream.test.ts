import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

vi.stubGlobal('document', {
  hidden: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  querySelector: () => null,
})

const { readEvents } = await import('./event_stream')

/** One connection of a gateway, written by the test. */
class Connection {
  readonly headers: Headers
  private writer!: ReadableStreamDefaultController<Uint8Array>
  readonly response: Response

  constructor(init: RequestInit) {
    this.headers = new Headers(init.headers)
    const body = new ReadableStream<Uint8Array>({ start: (writer) => void (this.writer = writer) })
    init.signal?.addEventListener('abort', () => this.end())
    this.response = new Response(body)
  }

  write(text: string): void {
    this.writer.enqueue(new TextEncoder().encode(text))
  }

  end(): void {
    try {
      this.writer.close()
    } catch {
      // It is closed already.
    }
  }
}

describe('an event stream', () => {
  const connections: Connection[] = []
  /** Whether the gateway takes connections and answers nothing. */
  let isMute = false
  const phases: string[] = []
  const messages: unknown[] = []
  const onGap = vi.fn()
  let close = () => {}

  beforeEach(() => {
    vi.useFakeTimers()
    connections.length = phases.length = messages.length = 0
    onGap.mockClear()
    isMute = false
    vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
      const connection = new Connection(init)
      connections.push(connection)
      if (!isMute) return connection.response
      return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted'))))
    })
    close = readEvents(() => '/api/v1/watch', {
      onMessage: (message) => messages.push(message),
      onPhase: (phase) => phases.push(phase),
      onGap,
    })
  })

  afterEach(() => {
    close()
    vi.useRealTimers()
  })

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

  it('goes on behind the last event after a break', async () => {
    await pass(0)
    connections[0]!.write(': 1796051355183\n\nid: abc\ndata: {"tasks":[]}\n\n')
    await pass(0)
    connections[0]!.end()
    await pass(1000)
    expect(messages).toEqual([{ tasks: [] }])
    expect(phases).toEqual(['open', 'lost'])
    expect(connections).toHaveLength(2)
    expect(connections[1]!.headers.get('Last-Event-ID')).toBe('abc')
  })

  it.each([
    ['{"reason":"UNREACHABLE","detail":""}', 'interrupted'],
    ['{"reason":"STORE_UNAVAILABLE","detail":"","metadata":{"service":"registry"}}', 'unread'],
  ])('says what is lost behind the gateway, whose heartbeats do not end it: %s', async (data, phase) => {
    await pass(0)
    connections[0]!.write(`: 1\n\nevent: interrupted\ndata: ${data}\n\n: 2\n\n`)
    await pass(0)
    expect(phases).toEqual(['open', phase])
    connections[0]!.write('data: {"tasks":[]}\n\n')
    await pass(0)
    expect(phases).toEqual(['open', phase, 'open'])
  })

  it('says that it is silent after two and a half seconds, and open again with the next sign', async () => {
    await pass(0)
    connections[0]!.write(': 1\n\n')
    await pass(2400)
    expect(phases).toEqual(['open'])
    await pass(200)
    connections[0]!.write(': 2\n\n')
    await pass(0)
    expect(phases).toEqual(['open', 'silent', 'open'])
  })

  it('gives up a connection that says nothing for ten seconds, and one that is never answered', async () => {
    await pass(0)
    connections[0]!.write('id: abc\ndata: {"tasks":[]}\n\n')
    await pass(9000)
    expect(connections).toHaveLength(1)
    isMute = true
    await pass(2000)
    expect(connections).toHaveLength(2)
    expect(phases).toEqual(['open', 'silent', 'lost'])
    await pass(11_000)
    expect(connections).toHaveLength(3)
    isMute = false
    await pass(11_000)
    connections[3]!.write(': 1\n\n')
    await pass(0)
    expect(phases).toEqual(['open', 'silent', 'lost', 'open'])
    expect(connections[3]!.headers.get('Last-Event-ID')).toBe('abc')
  })

  it('says that it is silent where the first connection is not answered', async () => {
    close()
    isMute = true
    phases.length = connections.length = 0
    close = readEvents(() => '/api/v1/watch', { onMessage: () => undefined, onPhase: (phase) => phases.push(phase) })
    await pass(2600)
    expect(phases).toEqual(['silent'])
    await pass(8000)
    expect(connections).toHaveLength(2)
  })

  it('comes again at once when it is told to, since it read too slowly', async () => {
    await pass(0)
    connections[0]!.write('id: abc\ndata: {"tasks":[]}\n\nevent: resume\ndata: {}\n\n')
    await pass(0)
    connections[0]!.end()
    await pass(400)
    expect(connections[1]!.headers.get('Last-Event-ID')).toBe('abc')
  })

  it('asks to read again where its token is too old, and begins without one', async () => {
    await pass(0)
    connections[0]!.write('id: old\ndata: {"tasks":[]}\n\n')
    await pass(0)
    connections[0]!.write('event: problem\ndata: {"reason":"TOKEN_EXPIRED","detail":"too old","status":410}\n\n')
    await pass(1000)
    expect(onGap).toHaveBeenCalledOnce()
    expect(connections[1]!.headers.has('Last-Event-ID')).toBe(false)
  })

  it('does not come back after its end', async () => {
    await pass(0)
    connections[0]!.write('event: end\ndata: {}\n\n')
    connections[0]!.end()
    await pass(20_000)
    expect(phases).toEqual(['ended'])
    expect(connections).toHaveLength(1)
  })
})
