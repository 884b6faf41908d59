"""Streams of the scheduler as server-sent events.

- `watches`      event streams of WatchTasks: lets a reader catch up, and tells a slow one to resume
- `shared_watch` one watch upstream for all readers of one filter
- `reader`       the buffer of one reader, and when it is too full
- `cluster_changes` changes of executors and queues, read once a second for all readers; `cluster_reads` reads them
- `tails`        other streams, such as a tail of logs or a search
- `event_stream` an event stream as an answer: heartbeats, and its end
- `frames`       the text of events
- `stopping`     that the gateway stops
"""
