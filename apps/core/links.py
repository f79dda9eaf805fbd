"""Links that people write: nobody here asks them, and a page says where they lead."""

from urllib.parse import urlsplit


def host_of(link: str) -> str:
    """Where it leads, in letters that cannot pass for others."""
    host = urlsplit(link).hostname or ""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode()
