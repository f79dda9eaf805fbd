"""allauth's hooks: its mails leave through the outbox like every other."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation

from apps.core import outbox
from apps.core.mailing import render_html

from .http import JOIN_TOKEN
from .models import Invitation, User

# A confirmation or reset link that arrives a day late only confuses.
ACCOUNT_MAIL_LIFETIME = timedelta(days=1)


class AccountAdapter(DefaultAccountAdapter):
    """The account pages' adapter."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render allauth's message now, in the reader's language, and put it into the outbox."""
        user = context.get("user")
        language = user.language if isinstance(user, User) else translation.get_language() or "en"
        site = SimpleNamespace(name=settings.SITE_NAME, domain=settings.SITE_URL)
        base = {"request": allauth_context.request, "email": email, "current_site": site}
        with translation.override(language):
            message = self.render_mail(template_prefix, email, base | context)
            html = render_html("account", {"text": message.body})
        now = timezone.now()
        outbox.post(
            kind="accounts.message",
            key=f"accounts.message:{uuid4()}:email",
            email=email,
            payload={"subject": message.subject, "text": str(message.body), "html": html},
            recipient=user if isinstance(user, User) else None,
            language=language,
            now=now,
            expires_at=now + ACCOUNT_MAIL_LIFETIME,
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Back to the invitation that brought somebody here, even if ``next`` got lost on the way."""
        token = request.session.pop(JOIN_TOKEN, None)
        if token and Invitation.objects.pending(timezone.now()).with_token(token).exists():
            return reverse("accounts:invitation-show", args=[token])
        home: str = super().get_login_redirect_url(request)
        return home
