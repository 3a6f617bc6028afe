"""Mixed directions in the right visual order, inside the width, without a missing glyph, swept in reading order."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pygame
import pytest

from servicesim.desktop import paragraph as paragraph_module
from servicesim.desktop.fonts import FontStack
from servicesim.desktop.kept import Kept, bytes_of
from servicesim.desktop.look import Look
from servicesim.desktop.paragraph import Paragraph
from servicesim.desktop.safe_text import isolated
from servicesim.desktop.theme import Theme
from servicesim.desktop.typesetter import Typesetter

MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
ENGLISH = "I ordered the headphones three weeks ago; your colleague promised them for Monday. Nobody calls back!"
PERSIAN = f"سلام! من سفارش {isolated('48-2291')} (که «فوری» بود) را با تخفیف ۲۵٪ خریدم و هنوز نرسیده است."
HEBREW = 'שלום, ההזמנה שלי 48-2291 (שהייתה "דחופה") עדיין לא הגיעה; הבטחתם 25% הנחה.'
TURKISH = "Üç hafta önce “kulaklık” sipariş ettim – İğneada’ya, 40 ₺; ŞIK çıktı, ığüşöç."
AZERBAIJANI = "Üç həftə əvvəl «qulaqlıq» sifariş vermişəm — Şəhla xanım, 40 ₼; Əliyə, ığüşöç…"
SPEECHES = [ENGLISH, PERSIAN, HEBREW, TURKISH, AZERBAIJANI]


@pytest.fixture(scope="module")
def stack() -> FontStack:
    return FontStack(24)


def seen(paragraph: Paragraph) -> list[str]:
    """Each line as the eye reads it from left to right."""
    lines = []
    for line in paragraph.lines:
        lines.append("".join(run.text[::-1].translate(MIRRORED) if run.to_left else run.text for run in line.runs))
    return lines


def inked(surface: pygame.Surface) -> pygame.Rect:
    return surface.get_bounding_rect(min_alpha=1)


def drawn(paragraph: Paragraph, upto: int | None = None) -> pygame.Surface:
    surface = pygame.Surface((paragraph.width, paragraph.height), pygame.SRCALPHA)
    paragraph.draw(surface, (0, 0), "black", upto)
    return surface


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"سفارش {isolated('48-2291')} نیست", "تسین 48-2291 شرافس"),
        # The percent sign follows its number in reading direction, as Persian writes it; in Hebrew it is part of the number.
        ("با ۲۵٪ تخفیف", "فیفخت ٪۲۵ اب"),
        ("با 25% تخفیف", "فیفخت %25 اب"),
        ("הנחה של 25% היום", "םויה 25% לש החנה"),
        ("به info@late-parcel.example بنویسید!", "!دیسیونب info@late-parcel.example هب"),
        ("سفارش (فوری) [آبی]", "[یبآ] (یروف) شرافس"),
        ("گفت «صبر کنید» و رفت", "تفر و «دینک ربص» تفگ"),
        ("من Sony WH-1000XM5 را خریدم", "مدیرخ ار Sony WH-1000XM5 نم"),
        ("ההזמנה (48-2291) לא הגיעה", "העיגה אל (48-2291) הנמזהה"),
        ("Ms Karimi said «سلام» twice", "Ms Karimi said «مالس» twice"),
        ("סלאם: سلام", "مالس :םאלס"),
    ],
)
def test_a_line_is_seen_in_the_right_order(stack: FontStack, text: str, line: str) -> None:
    assert seen(Paragraph(text, stack)) == [line]


def test_an_order_number_is_turned_round_unless_it_is_isolated(stack: FontStack) -> None:
    assert seen(Paragraph("سفارش 48-2291", stack)) == ["2291-48 شرافس"]


@pytest.mark.parametrize("text", SPEECHES)
@pytest.mark.parametrize("bold", [False, True])
def test_no_glyph_is_missing(text: str, bold: bool) -> None:
    assert FontStack(20, bold).missing(text) == set()


def test_a_missing_glyph_is_named(stack: FontStack) -> None:
    assert stack.missing("on time ✓ 時間 שלום سلام\n") == {"✓", "時", "間"}


@pytest.mark.parametrize(
    "text", [*SPEECHES, "Donaudampfschifffahrtsgesellschaftskapitänsmütze", "نمی‌خواهم‌بیشترازاین‌منتظربمانم"]
)
@pytest.mark.parametrize("width", [90, 160, 333, 900])
def test_wrapped_lines_stay_inside_and_keep_every_character(stack: FontStack, text: str, width: int) -> None:
    paragraph = Paragraph(text, stack, width)
    assert paragraph.ink_width <= width
    assert all(rect.left >= 0 and rect.right <= width for _, rect in paragraph.rects())
    in_order = "".join(run.text for line in paragraph.lines for run in sorted(line.runs, key=lambda run: run.start))
    assert "".join(in_order.split()) == "".join(paragraph.text.split()).replace("\u2068", "").replace("\u2069", "")
    assert paragraph.height == len(paragraph.lines) * paragraph.line_height


def test_lines_are_broken_in_reading_order(stack: FontStack) -> None:
    paragraph = Paragraph("سفارش من هنوز نرسیده است", stack, stack.font(0, "Arab", True).size("سفارش من هنوز")[0] + 4)
    assert seen(paragraph) == ["زونه نم شرافس", "تسا هدیسرن"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [("we call info@late-parcel.example today", "info@late-parcel.example"), ("order no 48-2291", "48-2291")],
)
def test_addresses_and_numbers_stay_whole(stack: FontStack, text: str, whole: str) -> None:
    width = stack.font(0, "Latn", False).size(whole)[0] + 2
    assert whole in seen(Paragraph(text, stack, width))


def test_a_letter_is_never_parted_from_its_marks(stack: FontStack) -> None:
    lines = seen(Paragraph("g\u0331" * 12, stack, 50))
    assert len(lines) > 2
    assert all(line == "g\u0331" * (len(line) // 2) for line in lines)


@pytest.mark.parametrize("word", ["a", "\u0633", "1", "\U0001f9d1\u200d", "e\u0332\u0333", "a-", "a@b-"])
def test_a_word_without_end_is_broken_and_takes_no_time_to_speak_of(
    stack: FontStack, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured, width = [], FontStack.width

    def noted(self: FontStack, text: str, file: int, script: str, to_left: bool) -> int:
        measured.append(len(text))
        return width(self, text, file, script, to_left)

    monkeypatch.setattr(FontStack, "width", noted)
    text = word * (4_000 // len(word))
    paragraph = Paragraph(text, stack, 300)
    assert max(line.width for line in paragraph.lines) <= 300
    assert "".join(text[line.start : line.end] for line in paragraph.lines) == paragraph.text
    assert sum(measured) < 50 * len(text)


@pytest.mark.parametrize("text", ["\u200c", "\u200d\u200c", "a \u200c", "\u034f", "\u200c\n\u200c"])
def test_what_takes_no_room_can_be_drawn(stack: FontStack, text: str) -> None:
    paragraph = Paragraph(text, stack, 300)
    paragraph.draw(pygame.Surface((300, 300)), (0, 0), "black")
    assert paragraph.caret(len(text)).x in range(300)


def test_a_narrower_width_than_a_letter_still_ends(stack: FontStack) -> None:
    assert seen(Paragraph("abc", stack, 1)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("align", "base", "left"),
    [("start", 0, 0), ("start", 1, 1), ("end", 0, 1), ("end", 1, 0), ("centre", 0, 0.5), ("centre", 1, 0.5)],
)
def test_lines_begin_where_their_language_begins(stack: FontStack, align: str, base: int, left: float) -> None:
    paragraph = Paragraph("48", stack, 300, base=base, align=align)  # type: ignore[arg-type]
    assert paragraph.lines[0].x == int((300 - paragraph.ink_width) * left)


def test_spaces_at_the_end_hang_and_take_no_room(stack: FontStack) -> None:
    assert Paragraph("word   ", stack).width == Paragraph("word", stack).width
    assert [line.width for line in Paragraph("word   word", stack, 70).lines] == [Paragraph("word", stack).width] * 2


def test_empty_lines_keep_their_height(stack: FontStack) -> None:
    paragraph = Paragraph("one\n\nthree", stack)
    assert (seen(paragraph), paragraph.height) == (["one", "", "three"], 3 * paragraph.line_height)
    assert Paragraph("", stack).height == paragraph.line_height


def test_the_natural_width_is_that_of_one_line(stack: FontStack) -> None:
    assert Paragraph(PERSIAN, stack, 200).natural_width == Paragraph(PERSIAN, stack).width
    assert Paragraph(PERSIAN, stack, 200, max_lines=1).natural_width == Paragraph(PERSIAN, stack).width


@pytest.mark.parametrize("text", SPEECHES)
@pytest.mark.parametrize("lines", [1, 2])
def test_too_many_lines_end_in_an_ellipsis(stack: FontStack, text: str, lines: int) -> None:
    paragraph = Paragraph(text, stack, 260, max_lines=lines)
    assert (len(paragraph.lines), paragraph.truncated) == (lines, True)
    assert paragraph.ink_width <= 260
    last = seen(paragraph)[-1]
    assert last.startswith("…") if paragraph.base else last.endswith("…")
    assert not Paragraph("short", stack, 260, max_lines=lines).truncated


def test_line_spacing_moves_lines_apart_and_nothing_else(stack: FontStack) -> None:
    close, wide = Paragraph(ENGLISH, stack, 300), Paragraph(ENGLISH, stack, 300, spacing=1.5)
    assert wide.line_height == round(stack.height * 1.5)
    assert [line.width for line in close.lines] == [line.width for line in wide.lines]


def test_every_letter_is_drawn_inside_the_paragraph(stack: FontStack) -> None:
    for text in SPEECHES:
        paragraph = Paragraph(text, stack, 300)
        canvas = pygame.Surface((paragraph.width + 40, paragraph.height + 40), pygame.SRCALPHA)
        paragraph.draw(canvas, (20, 20), "black")
        assert pygame.Rect(18, 20, paragraph.width + 4, paragraph.height).contains(inked(canvas))


def test_persian_is_swept_from_the_right_and_english_from_the_left(stack: FontStack) -> None:
    persian, english = Paragraph("سفارش من کجاست", stack, 400), Paragraph("Where is my order", stack, 400)
    right, left = inked(drawn(persian, 5)), inked(drawn(english, 5))
    assert right.right == inked(drawn(persian)).right
    assert right.width < persian.ink_width / 2
    assert left.left == inked(drawn(english)).left
    assert left.width < english.ink_width / 2


@pytest.mark.parametrize("text", SPEECHES)
def test_sweeping_only_ever_adds_and_ends_with_the_whole(stack: FontStack, text: str) -> None:
    paragraph = Paragraph(text, stack, 300)
    covered = [pygame.mask.from_surface(drawn(paragraph, upto), 0) for upto in range(len(paragraph.text) + 1)]
    assert covered[0].count() == 0
    assert all(later.overlap_area(earlier, (0, 0)) == earlier.count() for earlier, later in pairwise(covered))
    assert drawn(paragraph, len(paragraph.text)).get_buffer().raw == drawn(paragraph).get_buffer().raw


def test_the_caret_moves_in_reading_direction(stack: FontStack) -> None:
    english, persian = Paragraph("Leyla  ", stack, 300), Paragraph("لیلا", stack, 300)
    there = [english.caret(index).x for index in range(8)]
    back = [persian.caret(index).x for index in range(5)]
    assert there == sorted(there)
    assert back == sorted(back, reverse=True)
    assert (there[0], there[5], back[0], back[-1]) == (0, english.ink_width, 300, 300 - persian.ink_width)
    assert there[7] > there[6] > there[5]


def test_the_typesetter_remembers_the_last_texts_only() -> None:
    typesetter = Typesetter(paragraphs_kept=2)
    first = typesetter.paragraph("one", 20)
    assert typesetter.paragraph("one", 20) is first
    assert typesetter.paragraph("one", 20, bold=True) is not first
    typesetter.paragraph("two", 20)
    assert typesetter.paragraph("one", 20) is not first


def test_hostile_text_is_made_safe_before_it_is_laid_out(stack: FontStack) -> None:
    assert seen(Paragraph("invoice\u202egnp.exe\x07", stack)) == ["invoicegnp.exe"]


def test_airy_text_has_more_room_between_letters_words_and_lines() -> None:
    close, airy = Typesetter().paragraph("two words", 20), Typesetter().paragraph("two words", 20, airy=True)
    assert airy.width >= close.width + 8 * 2 + 3  # 0.12 of the height between letters, 0.16 more between words
    look = Look(Theme(airy=True))
    assert look.paragraph("two words").line_height > Look().paragraph("two words").line_height


def test_airy_persian_keeps_its_letters_joined_and_parts_its_words() -> None:
    word, words = "سلام", "سلام دوست"
    close, airy = Typesetter(), Typesetter()
    assert airy.paragraph(word, 20, airy=True).width == close.paragraph(word, 20).width
    assert airy.paragraph(words, 20, airy=True).width > close.paragraph(words, 20).width


@pytest.mark.parametrize("text", ["Late, e\u0301t\u0119 48-2291", "سفارش ۴۸ کجاست؟", "שָׁלוֹם לך", "a\u200db"])
def test_airy_text_is_drawn_as_wide_as_it_is_measured(text: str) -> None:
    paragraph = Typesetter().paragraph(text, 24, airy=True)
    for run in paragraph.runs:
        picture = paragraph.stack.render(run.text, run.file, run.script, run.to_left, pygame.Color("black"))
        assert picture.get_width() == run.width
        assert picture.get_bounding_rect().w > run.width // 2


def test_the_least_width_is_that_of_the_longest_word() -> None:
    typesetter = Typesetter()
    text = typesetter.paragraph("a coat that\nstayedaway", 20)
    assert text.least_width == typesetter.paragraph("stayedaway", 20).width
    assert typesetter.paragraph("", 20).least_width == 0


def test_of_rendered_letters_only_so_many_bytes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = pygame.Surface((400, 60))
    ink: Kept[Any] = Kept(60_000, lambda pictures: sum(map(bytes_of, pictures.values())))
    monkeypatch.setattr(paragraph_module, "_INK", ink)
    typesetter = Typesetter()
    for number in range(60):
        typesetter.paragraph(f"What was said as number {number}", 20).draw(canvas, (0, 0), "black")
    assert 30_000 < ink.bytes <= 60_000, "a line of this takes about 25,000"
    before = ink.bytes
    typesetter.paragraph("What was said as number 59", 20).draw(canvas, (0, 0), "black")
    assert ink.bytes == before


def test_what_was_drawn_last_is_kept_and_at_least_one_thing() -> None:
    drawn: list[str] = []
    kept: Kept[str] = Kept(10, len)
    for name in ("abcd", "efgh", "abcd", "ijkl", "efgh", "a very long one", "abcd"):
        kept.get(name, lambda name=name: (drawn.append(name), name)[1])
    assert drawn == ["abcd", "efgh", "ijkl", "efgh", "a very long one", "abcd"]
    assert (kept.bytes, "abcd" in kept, "efgh" in kept) == (4, True, False)
