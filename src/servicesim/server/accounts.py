"""Signing in and out, and whether the server is well."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
