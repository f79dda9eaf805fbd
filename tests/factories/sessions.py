from datetime import timedelta
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from apps.accounts.models import User, UserSession
from apps.accounts.sessions import SessionStore

BACKEND = "apps.accounts.backends.AccountBackend"


def make_session(user: User, **fields: Any) -> UserSession:
    """Another browser in which this person is signed in, on their list; the session itself is a real one."""
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    now = timezone.now()
    given = {"signed_in_at": now - timedelta(days=3), "seen_at": now - timedelta(days=1)} | fields
    return UserSession.objects.create(session_id=store.session_key or "", user=user, **given)
