"""The reasons of verdicts in English: what the other languages are translated from (tests/merge_words.py)."""

from __future__ import annotations

from types import MappingProxyType

from servicesim.languages import Table
from servicesim.scenario.principles import ACTS_OF_PLAY

ENGLISH: Table = MappingProxyType({
    "owed": "This encounter is about it, and the way that was taken never came to it.",
    "marked": "The trainer rates this reply {number} of 1.",
    # What a rule says; in braces stand acts, each named as below
    "first-kept": "Done in the first reply: {act}.",
    "first-broken": "Missing in the first reply: {act}.",
    "last-kept": "Done in the last reply: {act}.",
    "last-broken": "Missing in the last reply: {act}.",
    "existence-kept": "Done: {act}.",
    "existence-broken": "Never done: {act}.",
    "absence-kept": "Avoided here: {act}.",
    "absence-broken": "This happened: {act}.",
    "precedence-kept": "In good order: {then} after {needs}.",
    "precedence-broken": "Too early: {then} before {needs}.",
    "response-kept": "After {after}, done: {then}.",
    "response-broken": "After {after}, missing: {then}.",
    "response-station-kept": "After {after}, done before they went on: {then}.",
    "response-station-broken": "After {after}, missing before they went on: {then}.",
    "response-next-reply-kept": "After {after}, done in the next reply: {then}.",
    "response-next-reply-broken": "After {after}, missing in the next reply: {then}.",
    "response-seconds-kept": "After {after}, done within {number} seconds: {then}.",
    "response-seconds-broken": "After {after}, missing within {number} seconds: {then}.",
    "not-response-kept": "Avoided after {after}: {then}.",
    "not-response-broken": "This happened after {after}: {then}.",
    # An act, and any of several
    "act": "“{title}”",
    "either": "{one} or {other}",
    "more": "{one}, {others}",
    # Acts that playing brings about by itself
    **{f"act-{act}": title for act, (title, _) in ACTS_OF_PLAY.items()},
})  # fmt: skip

NOTES = MappingProxyType({
    "first-kept": "{act} is one act in quotation marks, or several: “Greets” or “Thanks”.",
    "response-station-kept": "They: the customer, who paused for breath and then went on speaking.",
    "either": "Two acts, any of which would do.",
    "more": "A list of acts: {others} is the rest of it, which ends with “or”.",
})  # fmt: skip
