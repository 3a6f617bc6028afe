"""The pages on which trainers and HR look at what was played, and trainees at their own."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from servicesim.server.problems import Problem

router = APIRouter()


def problem_page(request: Request, problem: Problem) -> Response | None:
    """How a browser is told what went wrong; None as long as there is no page for it."""
    return None
