"""The clients of applications, async (`client`) and blocking (`asynctask.blocking`).

- `submission`                one task to submit, as its message
- `submit` `submit_blocking`  concurrent submits share calls, which are repeated until their outcome is known
- `submit_stream`             submits over a stream, for clients that submit again and again
- `api` `api_cluster`         each call as its message
- `info` `info_history` `info_explanation` `info_cluster` `info_wire`  the answers, and how they are read
- `caller` `reading` `commanding` `overseeing`  the calls and their base; `./dev blocking` makes those of the blocking
  client from them: `blocking_caller` `blocking_reading` `blocking_commanding` `blocking_overseeing`
- `owner`                     the process and the event loop that a client belongs to
- `repetition`                when a call that failed is made again
- `claim`                     who gives the commands: what a client tells the scheduler
- `watching`                  which messages of a stream are new, and where to resume
- `connections` `stubs`       the channels to the scheduler's addresses
"""
