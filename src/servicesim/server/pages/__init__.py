"""The pages on which trainers and HR look at what was played, and trainees at their own."""

from __future__ import annotations

from fastapi import APIRouter

from servicesim.server.pages import (
    accounts,
    attempts,
    audit,
    desks,
    encounters,
    exporting,
    heat,
    home,
    people,
    programmes,
    review,
    still,
)
from servicesim.server.pages.problem import problem_page

__all__ = ["problem_page", "router"]

router = APIRouter(include_in_schema=False)
for part in (still, home, heat, people, attempts, programmes, encounters, review, exporting, desks, accounts, audit):
    router.include_router(part.router)
