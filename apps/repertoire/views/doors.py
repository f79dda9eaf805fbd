"""What every page here begins with: whose pieces, and what the reader may do with them."""

from collections.abc import Callable

from django.db.models import QuerySet

from apps.accounts.http import collection_is_off
from apps.accounts.models import Student, User
from apps.accounts.prepared import Door
from apps.accounts.services import CollectionIsOff
from apps.core.access import with_permission
from apps.repertoire.forms import RefusingForm
from apps.repertoire.models import Piece, Skill
from apps.repertoire.services import NotPossible


def _students(user: User) -> QuerySet[Student]:
    return with_permission(Student.objects.all(), user, may_keep="keep_repertoire", is_family="view_guests")


student_or_404 = Door(_students)


def _pieces(user: User) -> QuerySet[Piece]:
    found = Piece.objects.select_related("student")
    return with_permission(found, user, may_change="change", may_merge="merge", may_delete="delete")


def _skills(user: User) -> QuerySet[Skill]:
    found = Skill.objects.select_related("student")
    return with_permission(found, user, may_change="change", may_delete="delete")


# Each with its student and with what this user may do.
piece_or_404 = Door(_pieces)
skill_or_404 = Door(_skills)


def is_done(form: RefusingForm, write: Callable[[], object], student: Student, user: User) -> bool:
    """Whether the write came about; else the form says why not, and keeps the words."""
    try:
        write()
    except NotPossible as error:
        # Not for somebody who has lost the whole diary meanwhile: the page would name the student.
        student_or_404(user, student.pk)
        form.refuse(error)
    except CollectionIsOff:
        form.add_error(None, collection_is_off(student.name))
    else:
        return True
    return False
