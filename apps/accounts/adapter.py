"""allauth's hooks: its mails leave through the outbox like every other."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """The account pages' adapter."""
