"""Whether an account answers for others: as a guardian, whose rows are here, or as a teacher, whose app
registers the question."""

from collections.abc import Callable

from apps.accounts.models import Guardianship, Student, User

# Whether the account answers for this student, or with None for anybody.
Question = Callable[[User, Student | None], bool]

_questions: list[Question] = []


def asks_who_answers(question: Question) -> Question:
    """Register another way of answering for somebody."""
    _questions.append(question)
    return question


@asks_who_answers
def is_guardian(user: User, student: Student | None) -> bool:
    """Suspended or not: who is one is nobody's child here."""
    rows = Guardianship.objects.unended().filter(guardian=user)
    return (rows if student is None else rows.filter(student=student)).exists()


def answers_for(user: User, student: Student | None) -> bool:
    return any(question(user, student) for question in _questions)
