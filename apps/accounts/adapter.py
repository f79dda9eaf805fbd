"""allauth's hooks: its mails leave through the outbox like every other, in our words."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from uuid import uuid4

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _

from apps.core import outbox
from apps.core.days import zone_of
from apps.core.mailing import absolute_url, on_site, render_html

from . import queries, services
from .connecting import tell_unknown
from .http import JOIN_HASH, LOST_WORDS
from .models import User

# News of an account is worth reading for as long as other news; a link lives as long as it works.
NEWS_LIFETIME = timedelta(days=3)


def lifetime_of(template_prefix: str) -> timedelta:
    """How long a mail is worth sending: as long as the link inside works, if it has one that ends."""
    if template_prefix.startswith("account/email/email_confirmation"):
        return timedelta(days=account_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS)
    if template_prefix == "account/email/password_reset_key":
        return timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return NEWS_LIFETIME


@dataclass(frozen=True, slots=True)
class Link:
    """The one link of an account mail, and what its button says."""

    address: str
    words: str

    @classmethod
    def of(cls, context: dict[str, Any]) -> Self:
        """The link that allauth made, on our own address; without one, the way to a new password."""
        if "activate_url" in context:
            return cls(on_site(context["activate_url"]), _("Confirm the address"))
        if "password_reset_url" in context:
            return cls(on_site(context["password_reset_url"]), _("Choose a new password"))
        if "signup_url" in context:
            return cls(on_site(context["signup_url"]), _("Sign up"))
        return cls(absolute_url("account_reset_password"), _("Choose a new password"))


class LoginForm(AllauthLoginForm):
    """allauth's. Signing in is all that one can do on its page, so the first field waits for typing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autofocus"] = True


class AccountAdapter(DefaultAccountAdapter):
    """The account pages' adapter."""

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """allauth's, which forgets whose account it writes about."""
        super().send_notification_mail(template_prefix, user, (context or {}) | {"user": user}, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render the message now, in the reader's language and zone, and put it into the outbox."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = user.language if user else translation.get_language() or "en"
        now = timezone.now()
        expires_at = now + lifetime_of(template_prefix)
        zone = zone_of(user.time_zone) if user else timezone.get_current_timezone()
        with translation.override(language), timezone.override(zone):
            words = {"email": email, "link": Link.of(context), "lifetime": timeuntil(expires_at, now)}
            payload = self.write_mail(template_prefix, email, context | words)
        outbox.post(
            kind="accounts.message",
            key=f"accounts.message:{uuid4()}:email",
            email=email,
            payload=payload,
            recipient=user,
            language=language,
            now=now,
            expires_at=expires_at,
        )

    def write_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> outbox.Payload:
        """Subject, text and HTML. The HTML is made of the text's paragraphs: one wording, one truth."""
        message = self.render_mail(template_prefix, email, {"request": allauth_context.request} | context)
        text = str(message.body)
        paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
        html = render_html("account", context | {"heading": message.subject, "paragraphs": paragraphs})
        return {"subject": message.subject, "text": text + "\n", "html": html}

    def clean_email(self, email: str) -> str:
        """allauth's; the addresses that stand for nobody are nobody's to take."""
        cleaned: str = super().clean_email(email)
        if cleaned.lower().endswith(outbox.NOBODYS):
            raise ValidationError(_("No mail can go to this address."), code="nobodys")
        return cleaned

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **details: Any) -> HttpResponse:
        """allauth's. Out again, whose connected account was removed while they were on their way in.

        What was sent with a lost session must be sent again (LostSessionMiddleware).
        """
        login = (details["signal_kwargs"] or {}).get("sociallogin")
        if login and not services.note_sign_in(connection=login.account, now=timezone.now()):
            self.logout(request)
            return tell_unknown(login)
        response: HttpResponse = super().post_login(request, user, **details)
        if request.session.pop(LOST_WORDS, False):
            messages.warning(request, _("What you sent before signing in was not saved. Please do it again."))
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Back to the invitation that brought somebody here."""
        home: str = super().get_login_redirect_url(request)
        return invitation_behind(request) or home

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        home: str = super().get_signup_redirect_url(request)
        return invitation_behind(request) or home


def invitation_behind(request: HttpRequest) -> str | None:
    """The page of the invitation that the session remembers, if it still waits under the same link."""
    known = request.session.pop(JOIN_HASH, None)
    invitation = queries.waiting_invitation(known, timezone.now())
    return reverse("accounts:invitation-show", args=[invitation.token]) if invitation else None
