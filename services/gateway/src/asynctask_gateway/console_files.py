"""Serves the console: its files, and its one page under every path that a browser may open or reload.

The files are in this package, built from `services/gateway/console`. They are few, so they are kept in memory, as they
are and compressed: to compress them for each browser anew would hold up everybody else. A path of a request is only
looked up among their names and so cannot leave them.
"""

from __future__ import annotations

import gzip
import html
import mimetypes
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

FOLDER: Final = files("asynctask_gateway") / "console"
PAGE: Final = "index.html"
ASSETS: Final = "assets/"
_FOREVER: Final = "public, max-age=31536000, immutable"
"""For files whose name has a hash of their content."""
_CHECKED: Final = "no-cache"
_NOT_PAGES: Final = ("api", "submit_task", "query_task")
"""First parts of paths that are not the console's."""


class ConsoleFiles:
    """Answers every GET that is no call of the API."""

    def __init__(self, base_path: str, cli_address: str = "") -> None:
        """`base_path`: empty, or with a slash before it and none behind it; `cli_address`: see the settings."""
        self._base_path = base_path
        self._files = dict(_files_of(FOLDER, ""))
        self._page = _page(self._files.pop(PAGE).decode(), base_path, cli_address)
        self._compressed = {name: gzip.compress(content, mtime=0) for name, content in self._files.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises HTTPException."""
        request = Request(scope)
        await self._response(request)(scope, receive, send)

    def _response(self, request: Request) -> Response:
        path = request.url.path
        if request.method not in {"GET", "HEAD"} or not f"{path}/".startswith(f"{self._base_path}/"):
            raise HTTPException(404)
        name = path.removeprefix(self._base_path).removeprefix("/")
        if (content := self._files.get(name)) is not None:
            request.scope["asynctask.route"] = "/assets"
            if "gzip" in request.headers.get("accept-encoding", ""):
                return _file(name, self._compressed[name], {"Content-Encoding": "gzip"})
            return _file(name, content, {})
        is_page = "text/html" in request.headers.get("accept", "") and not name.startswith(ASSETS)
        if name.partition("/")[0] in _NOT_PAGES or (name and not is_page):
            raise HTTPException(404)
        request.scope["asynctask.route"] = "/"
        return Response(self._page, media_type="text/html", headers={"Cache-Control": _CHECKED})


def _files_of(folder: Traversable, inner: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _files_of(entry, f"{inner}{entry.name}/")
        else:
            found.append((f"{inner}{entry.name}", entry.read_bytes()))
    return found


def _page(text: str, base_path: str, cli_address: str) -> str:
    """The page with what the console must know of its gateway before it asks.

    The base path: the console may be open at any path, so relative addresses would not do. And the schedulers' address
    for the commands that it shows.
    """
    base = html.escape(base_path)
    known = f'<meta name="base-path" content="{base}" />'
    known += f'<meta name="cli-address" content="{html.escape(cli_address)}" />'
    page = text.replace('<meta name="base-path" content="" />', known)
    return page.replace('="./', f'="{base}/')


def _file(name: str, content: bytes, encoding: dict[str, str]) -> Response:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    cache = _FOREVER if name.startswith(ASSETS) else _CHECKED
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding", **encoding}
    return Response(content, media_type=media_type, headers=headers)
