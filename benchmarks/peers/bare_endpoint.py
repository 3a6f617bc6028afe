"""The bare limit: an endpoint that inserts one row and commits, with a connection for each thread."""

from __future__ import annotations

import os
import threading

import psycopg
from fastapi import Body, FastAPI

app = FastAPI()
_own = threading.local()


@app.get("/healthz")
def healthz() -> str:
    return "well"


@app.post("/row")
def row(lines: list[str] = Body(embed=True)) -> int:  # noqa: B008
    if not hasattr(_own, "connection"):
        _own.connection = psycopg.connect(os.environ["BARE_STORE"])
    with _own.connection.transaction():
        _own.connection.execute("INSERT INTO public.rows (body) VALUES (%s)", ("\n".join(lines),))
    return len(lines)
