"""Finding texts by what is typed: without regard to case, accents, and the ways in which one letter is written.

>>> finds("istanbul", "İSTANBUL Kargo"), finds("كيف", "کیف"), finds("moller", "Møller")
(True, True, True)
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Letters that stand for one another: Turkish dotless i, Arabic yeh and kaf in Persian, final forms in Hebrew, and letters
# that people type without their stroke or by the one that is on their keyboard.
_ALIKE = str.maketrans({
    **dict.fromkeys("ıİ", "i"), **dict.fromkeys("يىې", "ی"), "ك": "ک", "ة": "ه", "ۀ": "ه", "ە": "ه", "ۆ": "و", "ڵ": "ل",
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
    "ə": "e", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
    **dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("‐‑‒–—", "-"),
})  # fmt: skip
_UNSEEN = {"Mn", "Me", "Cf"}  # accents, vowel points, and what joins or parts letters without being one
_TATWEEL = "ـ"


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A text as it is compared."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_ALIKE))
    seen = (letter for letter in apart if unicodedata.category(letter) not in _UNSEEN and letter != _TATWEEL)
    return "".join(_digit(letter) for letter in seen).casefold().translate(_ALIKE)


def finds(query: str, *texts: str) -> bool:
    """Whether each word of the query stands somewhere in the texts."""
    among = "\n".join(folded(text) for text in texts)
    return all(word in among for word in folded(query).split())


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)
