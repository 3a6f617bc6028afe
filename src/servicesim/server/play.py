"""What desks ask for while their person plays: encounters, tickets, events, verdicts, the debrief."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
