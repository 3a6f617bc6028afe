"""The server as one application: its parts are routers, all of them in front of the same house."""

from __future__ import annotations

from fastapi import Depends, FastAPI

from servicesim import __version__
from servicesim.server import accounts, desks, guesses, pages, play, problems, programmes
from servicesim.server.fence import Fence, Headers
from servicesim.server.house import House
from servicesim.server.limits import Limits


def application(house: House) -> FastAPI:
    """What uvicorn runs, and what tests call without a network."""
    app = FastAPI(title="ServiceSim", version=__version__, openapi_url="/api/1/openapi.json", docs_url=None, redoc_url=None)
    app.state.house = house
    problems.told_by(app, pages.problem_page)
    app.include_router(accounts.router)
    app.include_router(desks.router, dependencies=[Depends(guesses.counted)])
    app.include_router(play.router)
    app.include_router(programmes.router)
    app.include_router(pages.router)
    # From the innermost to the outermost: whatever answers, it does so with our headers, and what nobody foresaw is caught.
    for around in (Limits, Fence, problems.Caught, Headers):
        app.add_middleware(around)
    return app
