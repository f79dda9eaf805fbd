"""What assignments add to the page and the form of an entry."""

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.accounts.models import Student, User
from apps.practice.above import entry_part, entry_question
from apps.practice.models import PracticeEntry

from . import queries
from .log_forms import SHOWN, PickForm, key_of, named_in


@entry_question
def what_it_was_for(
    user: User, student: Student, data: QueryDict | None, asked: QueryDict, entry: PracticeEntry | None
) -> PickForm | None:
    """What was given to practise and is open; nothing for who may not say so, or where nothing is.

    A form that was sent without the mark of this part was drawn without it.
    """
    if data is not None and SHOWN not in data:
        return None
    about = key_of(asked.get("for", ""))
    found = queries.to_pick(user, student, named=named_in(data), about=about, entry=entry)
    return PickForm(data, found=found, asked=about) if found else None


@entry_part
def part_of_entry(user: User, entry: PracticeEntry) -> SafeString:
    """What the session was for, as far as this reader knows what was given."""
    context = {"entry": entry, "rows": queries.done_in(user, entry)}
    return render_to_string("assignments/_of_entry.html", context)
