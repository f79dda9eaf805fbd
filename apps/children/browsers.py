"""A device by the name of its browser, for a list in which somebody finds their tablet again."""

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


def browser_name(header: str) -> str:
    """ "Firefox, Windows"; never a word of the header itself, for anybody may write one."""
    found = [name for name in (_first(header, BROWSERS), _first(header, SYSTEMS)) if name]
    return ", ".join(found) or _("a browser")
