"""Asking and steering: the clients of applications, async (`client`) and blocking (`asynctask.blocking`).

- `submission`                one task to submit, as its message
- `submit` `submit_blocking`  concurrent submits share calls, which are repeated until their outcome is known
- `submit_stream`             the same over a stream, for who submits again and again
- `api` `api_cluster`         each call as its message
- `info` `info_history` `info_cluster` `info_wire`  what is answered, and how it is read
- `reading` `commanding` `overseeing`  the calls themselves; `./dev blocking` makes the blocking client's
- `repetition`                when a call that failed is made again
- `claim`                     who gives the commands
- `watching`                  what of a stream is news, and where to resume
- `connections` `stubs`       one address after another
"""
