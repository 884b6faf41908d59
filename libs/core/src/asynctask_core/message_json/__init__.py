"""Messages as JSON for people: REST, live events and `--json` of the command line use this code.

Names are those of the contracts; enums are their short words (`running`); instants are RFC 3339 in UTC with
milliseconds; fields that hold JSON text are JSON values, without `_json` in the name; bytes are text; what is absent is
left out. Which fields have another form: options `asynctask.rest.v1.form` in the contracts.

- `naming`  names and words, read from descriptors
- `encode`  messages to plain values
- `decode`  plain values to messages; all mistakes at once, each with the path of its field
- `mistakes` the mistakes of a request, up to a bound
- `query`   query strings to messages
- `sentences`  what a command answers to people
"""
