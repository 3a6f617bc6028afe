"""Whether the system is set to dark colours or to less motion: asked once at the start, and quickly given up on."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

_PATIENCE = 0.3  # seconds that a window may open later because of this
_APPEARANCE = "org.freedesktop.appearance"
_PORTAL = (
    "gdbus", "call", "--session", "--timeout", "1", "--dest", "org.freedesktop.portal.Desktop", "--object-path",
    "/org/freedesktop/portal/desktop", "--method", "org.freedesktop.portal.Settings.Read",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SystemLook:
    """What the person has chosen for all programs; light and plain where that cannot be told."""

    dark: bool = False
    contrast: bool = False


def system_look() -> SystemLook:
    """How the system looks just now."""
    match sys.platform:
        case "win32":
            return SystemLook(dark=_windows_is_dark())
        case "darwin":
            return SystemLook(dark=_said("defaults", "read", "-g", "AppleInterfaceStyle") == "Dark")
        case _ if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            return SystemLook(dark=_portal("color-scheme") == "1", contrast=_portal("contrast") == "1")
        case _:
            return SystemLook()


def _windows_is_dark() -> bool:
    path = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
    with suppress(ImportError, OSError):
        registry: Any = importlib.import_module("winreg")
        with registry.OpenKey(registry.HKEY_CURRENT_USER, path) as place:
            return bool(registry.QueryValueEx(place, "AppsUseLightTheme")[0] == 0)
    return False


def _portal(setting: str) -> str:
    """A number of the desktop's settings, such as in `(<<uint32 1>>,)`."""
    answer = _said(*_PORTAL, _APPEARANCE, setting)
    return answer.removeprefix("(<<uint32 ").removesuffix(">>,)")


def _said(program: str, *words: str) -> str:
    """What a program prints; nothing if it is not there, fails, or takes too long."""
    found = shutil.which(program)
    if found is None:
        return ""
    with suppress(OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return subprocess.run([found, *words], capture_output=True, check=True, timeout=_PATIENCE, text=True).stdout.strip()
    return ""
