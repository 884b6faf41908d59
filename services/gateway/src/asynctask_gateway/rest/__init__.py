"""Calls of the scheduler as REST, made from the contracts: a call with an annotation needs no code here.

In the order of a request:

- `routes`      which method and path is which call, from `google.api.http`
- `binding`     path, query string, body and headers to the request message
- `scheduler`   the calls themselves
- `answers`     response messages to JSON: ETag, pages, sentences
- `endpoint`    one route from request to answer
- `short_names` `/submit_task` and `/query_task`
- `languages`   which language a request asks for
- `openapi`     the OpenAPI document; `examples`: its examples
"""
