"""What the accept page of an invitation asks, for each of accounts' own roles."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .age_forms import AgeForm
from .agreement import AgreementField
from .models import Guardianship, Invitation, Student, User
from .models.students import nobody_joined
from .services.collection import is_asked_on_joining


class AcceptForm(forms.Form):
    """A bare yes. ``by`` is who looks, or None for somebody who is not signed in."""

    def __init__(
        self, data: Any = None, *, invitation: Invitation, by: User | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.invitation, self.by = invitation, by

    @property
    def says_age(self) -> bool:
        """Whether this answer, as it was sent, says how old somebody is."""
        return "birth_month" in self.fields

    @cached_property
    def children(self) -> list[Student]:
        """Whom this person looks after today."""
        if self.by is None:
            return []
        return list(Student.objects.guarded_by(self.by).order_by("name", "pk"))


class StudentAcceptForm(AcceptForm, AgeForm):
    """The student's own login asks for an age, if no guardian has said it, and whether the diary is kept."""

    agreed = AgreementField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        student = self.invitation.known_student
        if student.birth_month is not None:
            self.drop_age()
        # A child's guardians decide that.
        guarded = Guardianship.objects.unended().filter(student=student)
        if guarded.exists() or not is_asked_on_joining(student):
            del self.fields["agreed"]


class GuardianAcceptForm(AcceptForm):
    """Whether the pupil whom a teacher wrote down is a child who has a diary here already.

    Where nobody has said yet whether the diary may be kept, the guardian is asked; joining without agreeing
    is possible.
    """

    child = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "If the child has a diary here already, the lessons move to it, and the new, empty diary goes."
        ),
    )
    agreed = AgreementField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        student = self.invitation.known_student
        if not is_asked_on_joining(student):
            del self.fields["agreed"]
        others = [child for child in self.children if child.pk != student.pk]
        if not others or not Student.objects.filter(nobody_joined(), pk=student.pk).exists():
            del self.fields["child"]
            return
        field = self.fields["child"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.label = _("Who is %(name)s?") % {"name": student.name}
        field.choices = [
            ("", _("A child who is new here")),
            *((str(child.pk), _("%(name)s, who is here already") % {"name": child.name}) for child in others),
        ]
