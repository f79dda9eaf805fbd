"""How fast and how often something was played, in words."""

from django.utils.translation import gettext, ngettext


def measures(tempo: int | None, repetitions: int | None) -> list[str]:
    """As far as it was said."""
    found = [gettext("tempo %(tempo)d") % {"tempo": tempo}] if tempo else []
    if repetitions:
        found.append(ngettext("%(count)d time", "%(count)d times", repetitions) % {"count": repetitions})
    return found
