"""What browsers are served: the widget, and for development a shop that shows it."""

import gzip
import hashlib
import json
import re
import string
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import Response

FOLDER = Path(__file__).parent
# In the order in which they need each other.
PARTS = ("words.js", "nodes.js", "line.js", "rating.js", "chat.js")
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# The shop is as strict as a page can be, so that whatever the widget must not do shows here.
SHOP_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_METHODS = ["GET", "HEAD"]
_SMALL_BYTES = 1_000


def widget_script() -> str:
    """widget.js: its parts in one scope, without indentation and comments."""
    folder = FOLDER / "widget"
    style = json.dumps(_dense_css((folder / "style.css").read_text()), ensure_ascii=False)
    code = _with_short_names("\n".join(_dense_js((folder / name).read_text()) for name in PARTS))
    head = '/*! Rapport chat, Apache-2.0 */(()=>{"use strict";'
    return f"{head}\nconst STYLE={style};\n{code}\n}})();\n"


def _dense_js(code: str) -> str:
    """Line by line: no template literal of the widget reaches over the end of one."""
    code = re.sub(r"^\s*/\*.*?\*/$", "", code, flags=re.DOTALL | re.MULTILINE)
    lines = (re.sub(r"(^|\s)// .*", "", line).strip() for line in code.splitlines())
    return "\n".join(line for line in lines if line)


def _with_short_names(code: str) -> str:
    """Private members are nobody else's, so they may be called anything: #a, #b, … The widget has
    no other word after a `#`."""
    names = list(dict.fromkeys(re.findall(r"#([A-Za-z]+)", code)))
    letters = string.ascii_letters
    short = {n: letters[i % 52] + (str(i // 52) if i >= 52 else "") for i, n in enumerate(names)}
    return re.sub(r"#([A-Za-z]+)", lambda match: f"#{short[match[1]]}", code)


def _dense_css(style: str) -> str:
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    style = re.sub(r"\s+", " ", style).strip()
    return re.sub(r"\s?([{};,>])\s?|(:) ", r"\1\2", style).replace(";}", "}")


class _Served:
    """One file with its validator; compressed once where that is worth it."""

    def __init__(self, content: bytes, media_type: str, headers: dict[str, str]) -> None:
        self._content = content
        packed = gzip.compress(content, 9, mtime=0)
        self._packed = packed if len(content) > _SMALL_BYTES else None
        self._etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        self._headers = {
            **headers,
            "Content-Type": media_type,
            "ETag": self._etag,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }

    def answer(self, request: Request) -> Response:
        if request.headers.get("if-none-match") == self._etag:
            return Response(status_code=304, headers=self._headers)
        headers, content = self._headers, self._content
        if self._packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            headers, content = {**headers, "Content-Encoding": "gzip"}, self._packed
        return Response(content, headers=headers)


def install(app: FastAPI, *, demo_shop: bool) -> None:
    """Serves /widget.js to the pages of all origins (what it may do, the door decides), and /demo
    where `demo_shop` says so."""
    files = {
        "/widget.js": _Served(
            widget_script().encode(),
            MEDIA_TYPES[".js"],
            {
                "Access-Control-Allow-Origin": "*",
                "Cross-Origin-Resource-Policy": "cross-origin",
                "Cache-Control": "public, max-age=300",
            },
        )
    }
    for path in sorted((FOLDER / "shop").iterdir()) if demo_shop else ():
        headers = {"Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
        if path.suffix == ".html":
            headers["Content-Security-Policy"] = SHOP_POLICY
        name = "/demo" if path.name == "index.html" else f"/demo/{path.name}"
        files[name] = _Served(path.read_bytes(), MEDIA_TYPES[path.suffix], headers)

    async def serve(request: Request) -> Response:
        return files[request.url.path].answer(request)

    for path_of_file in files:
        app.add_api_route(path_of_file, serve, methods=_METHODS, include_in_schema=False)
