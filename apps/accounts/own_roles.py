"""The roles of an invitation whose rows are accounts' own: guardian, the student's login, guest."""

from django.utils.translation import gettext_lazy as _

from . import roles
from .accept_forms import AcceptForm, GuardianAcceptForm, StudentAcceptForm
from .models.invitations import InvitationRole
from .roles import Role, Route
from .services.taking_up import become_guardian, become_guest, become_student

BOTH = frozenset({Route.MAIL, Route.CODE})

roles.add(
    Role(
        name=InvitationRole.GUARDIAN,
        may_offer="invite_guardian",
        routes=BOTH,
        asks=GuardianAcceptForm,
        take_up=become_guardian,
        card=_("For a parent or guardian"),
        refusal=_("I am not the guardian"),
        welcome=_("Welcome! You are now a guardian of %(name)s."),
    )
)
roles.add(
    Role(
        name=InvitationRole.STUDENT,
        may_offer="invite_student",
        routes=BOTH,
        asks=StudentAcceptForm,
        take_up=become_student,
        card=_("For the student"),
        refusal=_("I am not the student"),
        welcome=_("Welcome! This is your diary now."),
    )
)
roles.add(
    Role(
        name=InvitationRole.GRANTEE,
        may_offer="manage_grants",
        # A guest is somebody the family knows by name and address.
        routes=frozenset({Route.MAIL}),
        asks=AcceptForm,
        take_up=become_guest,
        card=_("For a guest"),
        refusal=_("I do not want this"),
        welcome=_("Welcome! You may now see the diary of %(name)s."),
    )
)
