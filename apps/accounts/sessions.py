"""Whose session a request belongs to: asked by every page, so by a statement that is built once."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from apps.core.prepared import Prepared


def _build(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_live = Prepared(_build, key=str, now=datetime)


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        for found in _live(key=self.session_key, now=timezone.now()):
            return found
        self._session_key = None
        return None
