"""HTTP itself, before and after a request is a call.

In the order in which a request meets them:

- `http_server`   the server (uvicorn) inside the service's event loop
- `http_protocol` HTTP/1.1 of one connection: bounds, and what is refused before a request is understood
- `request_log`   request id, log line and metrics of each request
- `headers`       what every answer forbids browsers
- `cors`          pages of other sites that may read answers
- `refusals`      catches the errors of everything behind it, and answers with problem documents
- `strangers`     Host and Origin: no page of another site acts here
- `access`        token and session; `sign_in`: the session of a browser
- `body`          bounds of size and time of a body
- `callers`       who acts
"""
