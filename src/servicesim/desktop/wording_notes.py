"""What translators should know of a word whose English can be read in several ways; comes into the PO files as `#.`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NOTES: Mapping[str, str] = MappingProxyType({
    "who-id-taken": "A name is chosen in a list that stands on the left; on the right where a page reads from the right.",
    "choose-other": "A button: I am not the one who sits here, let me say who I am.",
    "passed": "The trainee has passed this encounter, as one passes an examination.",
    "home-passed": "Which encounters are shown: those that were passed.",
    "home-warm-up": "The short first encounter with a guide, before anything is scored.",
    "settings-done": "A button: leave the settings.",
    "settings-plays": "A heading: how it is played.",
    "go-on": "A button: the small neutral word that says “I am listening” to a customer who pauses for breath; no yes.",
    "nod": "A button: the trainee nods.",
    "speak": "A button: interrupt the customer.",
    "next-segment": "A button, where no clock runs: the customer may go on speaking.",
    "listen-now": "The customer pauses for breath and waits for a sign.",
    "patience-little": "How much patience the customer still has.",
    "line-open": "The telephone: the call is going on.",
    "line-return": "A button: take up the call again that was put on hold.",
    "turn": "Which reply of the trainee's, counted from the first.",
    "between": "Stands between the names in a list.",
    "over": "Conduct, in points, above the pass mark that stands beside it.",
    "short": "Conduct, in points, below the pass mark that stands beside it.",
    "conduct-of": "Stands after a large number: 92 of 100.",
    "owed": "A principle that the encounter was about, and that never had its chance.",
    "received": "What the customer got, beside what was expected.",
    "lane-lost": "A row of a drawing: moments at which a principle was broken.",
    "mend-did": "{what} is “cut in” or “said nothing”.",
    "mend-keeps": "It: a principle that was broken.",
    "instead-hear-on": "What one could have done: neither speak nor cut in, and let the customer finish.",
    "beside-first": "One play of an encounter, beside a second one.",
    "beside-none": "A principle that never came up.",
    "curves-rise": "{what} is one of the texts that begin with “by your reply”, “because” and “while”.",
    "preview-hear": "A trainer's preview. A button: play the customer's speech.",
    "preview-hear-on": "A trainer's preview. A button: say nothing and listen.",
    "preview-trainee": "A first name for a trainee who is not there; a name of your country that fits everybody.",
    "standing-open": "How a principle stands: something is still to be done.",
    "role-option": "What a screen reader calls one of a few things that can be chosen.",
    "state-on": "A switch.",
    "rating-1": "How far a principle was kept, in one short word: on a button, the least of four.",
    "replay": "A button: see the conversation once more, as it was.",
    "replay-on": "A button: go to the next event.",
    "golden-taken": "A golden moment: a chance to do more than anybody expects.",
})  # fmt: skip
