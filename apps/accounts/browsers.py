"""A device by the name of its browser, for a list in which somebody finds their tablet again."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

# The first that stands in the header counts: Edge and Opera also say Chrome, Chrome also says Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def _first(header: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in known if sign in header), "")


def known_browser(header: str) -> str:
    """ "Firefox, Windows", or nothing; never a word of the header itself, for anybody may write one."""
    return ", ".join(name for name in (_first(header, BROWSERS), _first(header, SYSTEMS)) if name)


def browser_name(header: str) -> str:
    """The same in words for a list, also of a browser that we do not know."""
    return known_browser(header) or _("a browser")


def browser_of(request: HttpRequest) -> str:
    return known_browser(request.META.get("HTTP_USER_AGENT", ""))
