"""What the pages share on which something is added by an ``AddingForm``."""

from collections.abc import Callable
from typing import TypeVar

from apps.core.adding import NotPossible
from apps.core.adding_forms import AddingForm
from apps.core.kept_files import FileIsNotKept
from apps.core.throttle import is_too_often

from .http import UserRequest, collection_is_off, say_too_often, writes_too_often
from .models import Student
from .services import CollectionIsOff

Form = TypeVar("Form", bound=AddingForm)


def sent_form(request: UserRequest, make: type[Form], *, files_a_minute: int | None = None) -> Form:
    """Reading a file is work that somebody else orders: what comes too often is not even looked at.

    ``files_a_minute``: fewer than may be written, where it is much work.
    """
    if request.method != "POST":
        return make()
    # One with a file is counted here, before anything is read, and any other when it is known to be right.
    is_late = bool(request.FILES) and (
        writes_too_often(request)
        or (files_a_minute is not None and is_too_often(make.__name__, request.user.pk, limit=files_a_minute))
    )
    form = make(request.POST, None if is_late else request.FILES)
    if is_late:
        say_too_often(form)
    return form


def is_added(
    form: AddingForm, add: Callable[[], object], *, student: Student, door: Callable[[], object]
) -> bool:
    """Or the form says why not, and keeps the words. ``door`` is asked anew when something was closed
    meanwhile: for somebody who has lost the whole diary the page would name the student."""
    try:
        add()
    except NotPossible as error:
        door()
        form.refuse(error)
    except FileIsNotKept:
        form.refuse_file()
    except CollectionIsOff:
        form.add_error(None, collection_is_off(student.name))
    else:
        return True
    return False
