"""What a family's rules ask about lessons, which stand above them."""

from apps.accounts.models import Student, User
from apps.accounts.services import asks_who_answers

from .models import Teaching


@asks_who_answers
def is_teacher(user: User, student: Student | None) -> bool:
    """Also in a pause: lessons that may go on."""
    rows = Teaching.objects.unended().by(user)
    return (rows if student is None else rows.filter(student=student)).exists()
