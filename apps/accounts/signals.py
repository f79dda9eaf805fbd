"""News of this app. Sent in the transaction of the change; receivers may only write rows."""

from django.dispatch import Signal

# A guardian, a student's login or a grantee joined: invitation (accepted), by (the User), now.
invitation_accepted = Signal()
