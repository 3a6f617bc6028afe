"""Desks: enrolled with a code that works once, and known by a key from then on."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
