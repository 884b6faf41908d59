// The worker that holds the streams of all tabs.

import { StreamConnection } from './stream_connection'
import { StreamHub } from './stream_hub'
import { BEAT_MS, type ToWorker } from './stream_messages'

const hub = new StreamHub((url, reader) => new StreamConnection(url, reader))
const scope = self as unknown as { onconnect: (event: MessageEvent) => void }

scope.onconnect = (event) => {
  const port = event.ports[0] as MessagePort
  const take = hub.join((message) => port.postMessage(message))
  port.onmessage = ({ data }: MessageEvent<ToWorker>) => take(data)
}
setInterval(() => hub.beat(), BEAT_MS)
