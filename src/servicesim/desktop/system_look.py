"""Whether the system is set to dark colours or to high contrast: asked once at the start, and quickly given up on."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

_PATIENCE = 0.3  # seconds that a window may open later because of this
_PORTAL = (
    "gdbus", "call", "--session", "--timeout", "1", "--dest", "org.freedesktop.portal.Desktop", "--object-path",
    "/org/freedesktop/portal/desktop", "--method", "org.freedesktop.portal.Settings.ReadAll", "['org.freedesktop.appearance']",
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
            return look_told(_said(*_PORTAL))
        case _:
            return SystemLook()


def _windows_is_dark() -> bool:
    path = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
    with suppress(ImportError, OSError):
        registry: Any = importlib.import_module("winreg")
        with registry.OpenKey(registry.HKEY_CURRENT_USER, path) as place:
            return bool(registry.QueryValueEx(place, "AppsUseLightTheme")[0] == 0)
    return False


def look_told(answer: str) -> SystemLook:
    """What a Linux desktop answers, such as `{'color-scheme': <uint32 1>, 'contrast': <uint32 0>}`."""
    on = dict(re.findall(r"'([a-z-]+)': <uint32 (\d+)>", answer))
    return SystemLook(dark=on.get("color-scheme") == "1", contrast=on.get("contrast") == "1")


def _said(program: str, *words: str) -> str:
    """What a program prints; nothing if it is not there, fails, or takes too long."""
    found = shutil.which(program)
    if found is None:
        return ""
    with suppress(OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return subprocess.run([found, *words], capture_output=True, check=True, timeout=_PATIENCE, text=True).stdout.strip()
    return ""
