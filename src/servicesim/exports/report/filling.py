"""Filling in the pages: one file each, with its style inside, no script, and leave to load nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from servicesim.exports.report import shades
from servicesim.exports.report.words import Words, bdi, english

_HERE = "servicesim.exports.report"


def filled(template: str, words: Words, *, sheet: str = "style.css", **values: object) -> str:
    """A page of this template and style sheet in the language of these words."""
    rules = style(sheet)
    digest = base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return environment().get_template(template).render(words=words, policy=policy, style=Markup(rules), **values)


@cache
def environment(*more: str) -> Environment:
    """What fills in templates: those of the report, and of other packages that build on them."""
    loaders = [PackageLoader(_HERE, "."), *(PackageLoader(package) for package in more)]
    filling = Environment(
        loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    filling.filters |= {"bdi": bdi, "english": english, "twice": lambda text: (text, text)}
    return filling


@cache
def style(sheet: str = "style.css") -> str:
    """The rules of a style sheet. Between the tags there may be nothing else, or its digest is another."""
    source, _, _ = PackageLoader(_HERE, ".").get_source(Environment(), sheet)
    shaded = f"{shades.style()}\n" if sheet == "style.css" else ""
    return f"\n{source.rstrip()}\n{shaded}"
