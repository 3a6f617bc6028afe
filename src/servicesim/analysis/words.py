"""Polite and harsh words in five languages: what somebody goes by who looks at the words and not at what they do.

Small lists, on purpose: what anybody would count as a polite word, or as a harsh one, whatever it is used for. Greetings
and titles are left out, since they say whom one speaks to. A star stands for any ending of the word; a joiner (U+200C) for
one joiner, a blank or nothing, as Persian is written in all three ways.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_POLITE = {
    "en": """
        please, kindly, would you be so kind, thank*, grateful*, gratitude, appreciate*, sorry, apolog*, pardon*, forgive,
        forgiveness, excuse me, excuse us, regret*, of course, certainly, gladly, with pleasure, my pleasure, our pleasure,
        you're welcome, you are welcome, happy to help, glad to help, may i, if i may, would you mind, if you don't mind,
        if you wouldn't mind, if it suits you
    """,
    "tr": """
        lütfen, rica*, zahmet olmazsa, teşekkür*, sağ olun, sağ ol, sağolun, minnettar*, özür, özür dile*, özrü*, pardon,
        affedersiniz, afedersiniz, affedin, bağışlayın, kusura bakmayın, kusura bakma, üzgünüm, üzgünüz, maalesef, tabii,
        tabii ki, elbette, memnuniyetle, seve seve, buyurun, müsaadenizle, izninizle, izin verirseniz, mümkünse
    """,
    "az": """
        zəhmət olmasa, zəhmət deyilsə, xahiş*, lütfən, təşəkkür*, sağ olun, sağ ol, minnətdar*, üzr, üzrlər*, üzrümü*, üzürxah*,
        bağışlayın, bağışla, əfv*, təəssüf*, əlbəttə, məmnuniyyətlə, buyurun, icazənizlə, icazə verin, icazə versəniz, mümkünsə
    """,
    "ar": """
        من فضلك, من فضلكم, لو سمحت, لو سمحتم, لو سمحتي, لو تكرمت*, رجاء, الرجاء, أرجو, نرجو, أرجوك*, نرجوك*, شكرا, الشكر,
        شكري, شكرنا, أشكرك*, نشكرك*, ممتن*, آسف*, نأسف, أسفي, أسفنا, يؤسفني, يؤسفنا, أعتذر*, نعتذر*, اعتذار*, معذرة, المعذرة,
        عذرا, عفوا, سامحني, سامحيني, سامحنا, سامحونا, اسمح لي, اسمحي لي, اسمحوا لي, هل تسمح*, تفضل, تفضلي, تفضلوا,
        بكل سرور, بالطبع, طبعا, بالتأكيد, على الرحب والسعة, إن أمكن
    """,
    "fa": """
        لطفا, لطف کنید, لطف کن, اگر لطف*, بی‌زحمت, خواهش*, متشکر*, ممنون*, سپاس*, تشکر*, مرسی, قدردان*, ببخشید, ببخشین,
        می‌بخشید, عذر, عذرخواه*, عذر می‌خواه*, معذرت*, پوزش*, متأسف*, متأسفانه, شرمنده*, البته, با کمال میل, حتما, بفرمایید,
        بفرمایین, اجازه بدهید, اجازه دهید, اجازه می‌دهید, با اجازه, با اجازه‌تان, اگر ممکن است, اگر امکان دارد
    """,
    "he": """
        בבקשה, אנא, נא, תודה, תודות, תודתי, תודתנו, מודה לך, מודה לכם, מודים לך, מודים לכם, אסיר תודה, אסירת תודה, מעריך,
        מעריכה, מעריכים, סליחה, סליחתך, סלח לי, סלחי לי, סלחו לי, סלחו לנו, מצטער*, מתנצל*, התנצלות*, להתנצל, צר לי, צר לנו,
        במחילה, כמובן, בוודאי, ודאי, בשמחה, ברצון, בעונג, אם אפשר, אם תרצה, אם תרצי, אם תרצו, אם לא אכפת לך, אם לא אכפת לכם,
        תרשה לי, תרשי לי, תרשו לי, הרשה לי, הרשי לי, הרשו לי, ברשותך, ברשותכם
    """,
}

_HARSH = {
    "en": """
        stupid*, idiot*, dumb, fool*, silly, nonsense, rubbish, ridiculous*, absurd, pathetic, crazy, liar*, lying, shut up,
        calm down, hurry up, go away, get lost, don't shout, stop shouting, your fault, your own fault, your mistake,
        your problem, your own problem, not my problem, not our problem, not my job, not our job, not my fault, not our fault,
        not my business, none of my business, none of our business, so what, too bad, tough luck, deal with it, you people,
        you should have, you must, what do you expect, what did you expect, what do you want from me, can't you read,
        can't you see, can't you even, impossible, obviously
    """,
    "tr": """
        aptal*, salak*, ahmak*, gerizekal*, geri zekal*, saçma*, gülünç*, komik olma*, yalancı*, yalan söyl*, sus, susun,
        çeneni*, çenenizi*, bağırma, bağırmayın, sakin ol, sakin olun, acele edin, defol*, sizin hatanız*, sizin suçunuz*,
        kendi hatanız*, kendi suçunuz*, sizin sorununuz*, kendi sorununuz*, sizin probleminiz*, benim sorunum değil,
        bizim sorunumuz değil, beni ilgilendirmez, bizi ilgilendirmez, benim işim değil, bizim işimiz değil, bana ne, bize ne,
        ne yapayım, ne yapalım, mecbursunuz, zorundasınız, imkansız*, okuma yazmanız yok mu
    """,
    "az": """
        axmaq*, səfeh*, sarsaq*, gic, cəfəng*, gülünc*, yalançı*, yalan danış*, sus, susun, səsini kəs*, səsinizi kəs*,
        qışqırma, qışqırmayın, bağırma, bağırmayın, sakit ol, sakit olun, tez olun, rədd ol*, sizin günahınız*, öz günahınız*,
        sizin səhviniz*, öz səhviniz*, sizin probleminiz*, öz probleminiz*, mənim problemim deyil, bizim problemimiz deyil,
        mənə nə, bizə nə, mənə aid deyil, bizə aid deyil, mənim işim deyil, bizim işimiz deyil, məcbursunuz, mümkün deyil
    """,
    "ar": """
        غبي, غبية, أغبياء, غباء, أحمق, حمقاء, حماقة, أبله, بلهاء, سخيف*, سخافة, هراء, كلام فارغ, كاذب*, كذاب*, تكذب, تكذبين,
        أكاذيب, اخرس*, اسكت*, لا تصرخ*, اهدأ, اهدئي, اهدؤوا, انصرف*, خطؤك*, خطأك*, خطئك*, غلطتك*, ذنبك*, مشكلتك*, ليست مشكلتي,
        ليست مشكلتنا, ليس من شأني, ليس من شأننا, لا شأن لي, لا شأن لنا, لا يهمني, لا يهمنا, لا يعنيني, لا يعنينا, ليس عملي,
        ليس عملنا, يجب عليك*, مستحيل
    """,
    "fa": """
        احمق*, ابله*, نادان, بی‌شعور*, مزخرف*, چرند*, مسخره*, دروغگو*, دروغ می‌گو*, خفه*, ساکت شو*, ساکت باش*, داد نزن*,
        آرام باش*, عجله کن*, گم شو*, برو بیرون, تقصیر خود*, تقصیر شما*, تقصیر من نیست, تقصیر ما نیست, اشتباه خود*, مشکل خود*,
        مشکل شماست, مشکل من نیست, مشکل ما نیست, به من چه, به ما چه, به من ربطی ندارد, به ما ربطی ندارد, ربطی به من ندارد,
        ربطی به ما ندارد, وظیفه من نیست, وظیفه ما نیست, مجبورید, همین است که هست, غیرممکن, غیر ممکن
    """,
    "he": """
        טיפש*, אידיוט*, מטומטם, מטומטמת, מטומטמים, דביל*, שטויות, שטות, מגוחך, מגוחכת, מגוחכים, שקרן, שקרנית, שקרנים, משקר*,
        שתוק, שתקי, שתקו, סתום, סתמי, אל תצעק*, תפסיק לצעוק, תפסיקי לצעוק, תפסיקו לצעוק, תירגע, תירגעי, תירגעו, הירגע, הירגעי,
        הירגעו, אשמתך, באשמתך, אשמתכם, באשמתכם, הטעות שלך, הטעות שלכם, בעיה שלך, הבעיה שלך, בעיה שלכם, הבעיה שלכם,
        לא בעיה שלי, לא הבעיה שלי, לא בעיה שלנו, לא הבעיה שלנו, לא התפקיד שלי, לא התפקיד שלנו, לא ענייני, לא מעניין אותי,
        לא מעניין אותנו, מה אתה רוצה ממני, מה את רוצה ממני, אתה חייב, את חייבת, אתם חייבים, בלתי אפשרי, לך מפה, לכי מפה
    """,
}

_AND = {"ar": "و", "he": "ו"}  # which is written as one with the word that follows
_JOINER = "\u200c"
_SAME = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "ı": "i", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ـ": None})
_ONE_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The polite and the harsh words of one language."""

    polite_words: re.Pattern[str]
    harsh_words: re.Pattern[str]

    def polite(self, text: str) -> int:
        """How many polite words a text has; a phrase counts as one."""
        return len(self.polite_words.findall(folded(text)))

    def harsh(self, text: str) -> int:
        """How many harsh words a text has; a phrase counts as one."""
        return len(self.harsh_words.findall(folded(text)))


def vocabulary(locale: str) -> Vocabulary | None:
    """The words of a locale's language; None where there is no list of them."""
    return _of_language(locale.partition("-")[0])


def languages() -> tuple[str, ...]:
    """The languages that have lists."""
    return tuple(_POLITE)


def written(words: str) -> list[str]:
    """The words and phrases of a list."""
    return [" ".join(word.split()) for word in words.split(",")]


def folded(text: str) -> str:
    """A text as it is compared: no capitals, accents, vowel points or joiners; one apostrophe, one blank."""
    text = text.casefold()
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text).translate(_SAME)
        text = "".join(letter for letter in plain if unicodedata.category(letter) not in ("Mn", "Cf"))
    return _ONE_BLANK.sub(" ", text)


@cache
def _of_language(language: str) -> Vocabulary | None:
    if language not in _POLITE:
        return None
    return Vocabulary(*(_pattern(written(words[language]), _AND.get(language, "")) for words in (_POLITE, _HARSH)))


def _pattern(words: list[str], and_: str) -> re.Pattern[str]:
    """Any of the words, whole; the longest first, so that a phrase is not counted by its parts."""
    found = "|".join(_word(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w){f'{and_}?' if and_ else ''}(?:{found})(?!\w)")


def _word(word: str) -> str:
    parts = (re.escape(folded(part)) for part in word.rstrip("*").split(_JOINER))
    return " ?".join(parts) + (r"\w*" if word.endswith("*") else "")
