"""Seeing the product as somebody else does: whoever looks can do nothing, and sees no diary without a case.

Everything that is not plainly allowed is refused, before any view runs (ADR 0016).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from apps.accounts.models import User

from . import queries, services
from .models import Impersonation

GetResponse = Callable[[HttpRequest], HttpResponse]

# Where the session keeps the look that is on.
LOOK = "safeguarding_look"
MAY_LOOK = "safeguarding.add_impersonation"
LEAVE = "safeguarding:look-leave"
SAFE = ("GET", "HEAD")
# Pages without anything from a diary; no secret that lets somebody in stands on them during a look. The
# person's first page is none of them: it would lead to a diary at once.
PAGES = frozenset({"home:start", "accounts:settings", "privacy:person-data"})
# Pages of one student: only with an open case for this student.
STUDENT_PAGES = frozenset({"private_teaching:student-people", "practice:entry-list"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. ``case`` is the one that opens it, if it is a student's page."""

    page: str
    is_allowed: bool
    student_id: UUID | None = None
    case: UUID | None = None


class ImpersonationMiddleware:
    """Puts the person in the place of the staff member for one request, and keeps account of it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.get(LOOK) if request.user.is_authenticated else None
        if key is None:
            return self.get_response(request)
        now = timezone.now()
        look = _running(key, request.user, now)
        if look is None:
            # Its time is over, or whoever looked may not look any more.
            _forget(request, key, now)
            return redirect("admin:index")
        asked = _asked(request, look, now)
        if asked.page == LEAVE and request.method == "POST":
            return self.get_response(request)
        response = self._shown(request, look) if asked.is_allowed else _refused(request, look)
        services.note_page(
            look=look,
            page=asked.page,
            status=response.status_code,
            case=asked.case,
            student_id=asked.student_id,
            now=now,
        )
        return response

    def _shown(self, request: HttpRequest, look: Impersonation) -> HttpResponse:
        """The page as the person gets it. The database takes no write meanwhile, whatever a view tries."""
        request.user = look.person
        vars(request)["look"] = look
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            response = self.get_response(request)
            transaction.set_rollback(True)
        return response


def _running(key: object, user: object, now: datetime) -> Impersonation | None:
    """The look, if it is this person's, its time is not over, and both may still be what they are in it."""
    if not isinstance(user, User) or not may_look(user):
        return None
    rows = Impersonation.objects.running(now).select_related("person", "staff")
    look = rows.filter(pk=_uuid(key), staff=user).first()
    if look is None:
        return None
    try:
        services.refuse_look(person=look.person, by=user)
    except services.CannotLookAs:
        return None
    return look


def _uuid(key: object) -> UUID:
    """The session's own word for it; anything else is nobody's look."""
    try:
        return UUID(str(key))
    except ValueError:
        return UUID(int=0)


def may_look(user: User) -> bool:
    return user.is_active and user.is_staff and user.has_perm(MAY_LOOK) and is_mfa_enabled(user)


def _forget(request: HttpRequest, key: object, now: datetime) -> None:
    del request.session[LOOK]
    look = Impersonation.objects.select_related("person").filter(pk=_uuid(key)).first()
    if look is not None and isinstance(request.user, User):
        services.end_look(look=look, by=request.user, now=now)


def _asked(request: HttpRequest, look: Impersonation, now: datetime) -> Asked:
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return Asked("", is_allowed=False)
    page = match.view_name
    if page in STUDENT_PAGES:
        return _of_student(match, look, request.method in SAFE, now)
    return Asked(page, is_allowed=request.method in SAFE and page in PAGES)


def _of_student(match: ResolverMatch, look: Impersonation, is_safe: bool, now: datetime) -> Asked:
    student_id: UUID = match.kwargs["student"]
    cases = {case.student_id: case.pk for case in queries.open_cases(look.staff, now)}
    case = cases.get(student_id)
    return Asked(match.view_name, is_allowed=is_safe and case is not None, student_id=student_id, case=case)


def _refused(request: HttpRequest, look: Impersonation) -> HttpResponse:
    """Before any view: nothing was read, nothing was done."""
    request.user, vars(request)["look"] = look.person, look
    return render(request, "safeguarding/look_refused.html", {"look": look}, status=403)
