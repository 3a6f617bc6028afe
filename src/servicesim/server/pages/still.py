"""What the pages are drawn with, and never changes while the server runs: the style sheet, and htmx (BSD-0, see static/)."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from servicesim.exports.report.filling import style
from servicesim.server.problems import Problem

router = APIRouter()
_FOLDER = Path(__file__).parent.parent / "static"
_KEPT = "no-cache"
"""Browsers may keep it, and ask whether it is still the same."""


@router.get("/static/{name}", response_class=Response)
def still(request: Request, name: str) -> Response:
    """One of three files; there are no others."""
    try:
        body, kind = {"pages.css": _sheet, "htmx.min.js": _script, "icon.svg": _icon}[name]()
    except KeyError:
        raise Problem(404, "there is nothing at this address") from None
    headers = {"ETag": f'"{sha256(body).hexdigest()[:32]}"', "Cache-Control": _KEPT}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=kind)


@cache
def _sheet() -> tuple[bytes, str]:
    """The report's own style, and what pages need more."""
    return f"{style()}\n{(_FOLDER / 'pages.css').read_text(encoding='utf-8')}".encode(), "text/css; charset=utf-8"


@cache
def _icon() -> tuple[bytes, str]:
    return (_FOLDER / "icon.svg").read_bytes(), "image/svg+xml"


@cache
def _script() -> tuple[bytes, str]:
    return (_FOLDER / "htmx.min.js").read_bytes(), "text/javascript; charset=utf-8"
