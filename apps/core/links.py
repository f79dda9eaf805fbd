"""Links that people write: nobody here asks them, and a page says where they lead."""

from urllib.parse import urlsplit

import idna


def host_of(link: str) -> str:
    """Where it leads, in letters that cannot pass for others: the name that browsers ask for (UTS 46)."""
    host = urlsplit(link).hostname or ""
    try:
        return idna.encode(host, uts46=True).decode()
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode()
