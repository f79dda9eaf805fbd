"""What people and staff fill in: a report, a reason."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.forms import LongTextField

from . import queries, services
from .models import Impersonation, LegalHold, ReadingCase
from .models.cases import LONGEST_REASON
from .models.reports import LONGEST_WORDS, ReportCategory

# The stubs know forms by their models; Django itself does not.
if TYPE_CHECKING:
    CaseBase = forms.ModelForm[ReadingCase]
    LookBase = forms.ModelForm[Impersonation]
    HoldBase = forms.ModelForm[LegalHold]
else:
    CaseBase = LookBase = HoldBase = forms.ModelForm


class ReportForm(forms.Form):
    """Simple enough for a child: what it is, and words if one wants to say more."""

    category = forms.ChoiceField(
        label=_("What is it?"), choices=ReportCategory.choices, widget=forms.RadioSelect
    )
    words = LongTextField(
        label=_("Do you want to say more?"),
        help_text=_("You need not. What stands there is sent along."),
        required=False,
        max_length=LONGEST_WORDS,
    )


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        min_length=10,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For colleagues who check later. The family sees the kind of reason, not these words."),
    )


class CaseForm(CaseBase):
    """A case cannot be opened without saying why.

    Support knows an address and no key: of a guardian or of the student. Where it leads to several
    students, the form names them with their keys.
    """

    email = forms.EmailField(
        label=_("E-mail address of a guardian or of the student"), required=False, max_length=254
    )
    student = forms.ModelChoiceField(
        label=_("Or the student's key"),
        queryset=Student.objects.all(),
        required=False,
        widget=forms.TextInput,
        help_text=_("A closed page fills it in by itself."),
    )
    reason = reason_field()

    class Meta:
        model = ReadingCase
        fields = ("student", "category", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        email = cleaned.pop("email", "")
        if not cleaned.get("student") and not self.errors.keys() & {"email", "student"}:
            cleaned["student"] = self._by_address(email)
        return cleaned

    def _by_address(self, email: str) -> Student | None:
        if not email:
            self.add_error("email", _("Say whose pages you must see."))
            return None
        found = queries.students_at(email)
        if len(found) == 1:
            return found[0]
        if not found:
            self.add_error("email", _("No student belongs to this address."))
        else:
            keys = ", ".join(f"{student.get_short_name()}: {student.pk}" for student in found)
            self.add_error("email", _("Several students belong to it. Take a key: %(keys)s") % {"keys": keys})
        return None


class LookForm(LookBase):
    """Whom to look as; ``by`` is who asks (set by the admin)."""

    by: Any = None
    reason = reason_field()

    class Meta:
        model = Impersonation
        fields = ("person", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        person = cleaned.get("person")
        if person is not None:
            try:
                services.refuse_look(person=person, by=self.by)
            except services.CannotLookAs:
                self.add_error(
                    "person", _("Nobody looks as a colleague, as themselves or as a closed account.")
                )
        return cleaned


class HoldForm(HoldBase):
    """A diary, an account, or both."""

    reason = forms.CharField(
        label=_("Reason"), min_length=10, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4})
    )

    class Meta:
        model = LegalHold
        fields = ("student", "person", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and cleaned.get("student") is None and cleaned.get("person") is None:
            self.add_error("student", _("Say whose diary or account must be kept."))
        return cleaned
