"""The form of a link to read along."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField

from . import queries
from .models import ReaderLink, Student, User
from .models.links import LONGEST_NAME

# A link into a child's diary is short-lived: see ADR 0019.
DAYS = ((7, _("7 days")), (14, _("14 days")), (30, _("30 days")))

HAS_LINK = _("This address has a link already. End that one first, then make a new one.")


class ReaderLinkForm(forms.Form):
    """For whom, to which address, and for how long."""

    name = LineField(
        label=_("Who is it for?"),
        max_length=LONGEST_NAME,
        help_text=_("As your family says it, for example Grandma. Everybody who sees the diary reads it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    days = forms.TypedChoiceField(
        label=_("How long it works"), choices=DAYS, coerce=int, initial=7, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, student: Student, by: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.student, self.by, self.now = student, by, now
        self.fields["language"].initial = by.language

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email in (self.by.email.lower(), *queries.confirmed_addresses(self.by)):
            raise forms.ValidationError(_("This is your own address."), code="own")
        if ReaderLink.objects.live(self.now).filter(student=self.student, email=email).exists():
            raise forms.ValidationError(HAS_LINK, code="has")
        return email
