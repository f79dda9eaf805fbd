"""Languages that people speak with each other; what the pages themselves can be read in is a setting."""

from django.conf.locale import LANG_INFO

# By their own names, so that whoever speaks one finds it.
CODES = (
    *("ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ga", "he", "hi", "hr", "hu"),
    *("it", "ja", "ko", "lt", "lv", "nl", "nb", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk"),
    *("vi", "zh-hans"),
)
SPOKEN = {code: str(LANG_INFO[code]["name_local"]).capitalize() for code in CODES}
CHOICES = sorted(SPOKEN.items(), key=lambda pair: pair[1].casefold())


def names_of(codes: list[str]) -> list[str]:
    """The names of these languages; a code that is not in the table stands for itself."""
    return [SPOKEN.get(code, code) for code in codes]
