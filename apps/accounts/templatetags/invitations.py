"""Words of an invitation that its role brings along."""

from django import template

from apps.accounts.models import Invitation
from apps.accounts.roles import role_of

register = template.Library()


@register.filter
def role_card(invitation: Invitation) -> str:
    """For whom a code is, as its card says it."""
    return str(role_of(invitation.role).card)
