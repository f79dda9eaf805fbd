"""Whose session a request belongs to: asked by every page, so by a statement that is built once."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from apps.core.prepared import Prepared

from .models import User, UserSession

# Until when a session of staff lasts, whatever is written into it meanwhile.
STAFF_UNTIL = "staff_until"
# Of a session that somebody handed over: what theirs was proved with.
LENT_HASH = "lent_hash"


def shorten_for_staff(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """At every sign-in: staff sign in anew each day, and after the browser was closed."""
    request.session.pop(STAFF_UNTIL, None)
    if user.is_staff:
        until = timezone.now() + timedelta(hours=settings.STAFF_SESSION_HOURS)
        request.session[STAFF_UNTIL] = until.isoformat()


def _build(key: str, now: datetime) -> QuerySet[Session]:
    """With it, when its owner was last seen: asked for here, that costs no statement of its own."""
    seen = UserSession.objects.filter(session=OuterRef("pk")).values("seen_at")
    return Session.objects.filter(session_key=key, expire_date__gt=now).annotate(seen_at=Subquery(seen))


_live = Prepared(_build, key=str, now=datetime)


class SessionStore(db.SessionStore):
    """Django's sessions in the database, with an end of their own for staff.

    ``seen_at`` is what the list of sessions says of this one when it was read; None: it is not on the list.
    """

    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """What "remember me" would say counts for nothing with staff."""
        until = self.get(STAFF_UNTIL)
        return datetime.fromisoformat(until) if until else super().get_expiry_date(**kwargs)

    def get_expire_at_browser_close(self) -> bool:
        return STAFF_UNTIL in self or super().get_expire_at_browser_close()

    def _get_session_from_db(self) -> Session | None:
        for found in _live(key=self.session_key, now=timezone.now()):
            self.seen_at = vars(found)["seen_at"]
            return found
        self._session_key = None
        return None
