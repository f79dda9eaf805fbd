"""What ensembles add to the page of an entry."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.accounts.models import User
from apps.practice.above import entry_part
from apps.practice.models import PracticeEntry

from . import queries


@entry_part
def part_of_entry(user: User, entry: PracticeEntry) -> SafeString:
    """With whom it was, for who may know; and the way to say so, where there is somebody to name."""
    found = queries.together_of(user, entry)
    is_open = (found is None or found.is_first) and queries.may_tell(user, entry)
    context = {"entry": entry, "together": found, "may_tell": is_open}
    return render_to_string("ensembles/_of_entry.html", context)
