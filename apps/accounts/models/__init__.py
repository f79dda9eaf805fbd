from .grants import StudentGrant
from .invitations import Invitation
from .students import Guardianship, Student
from .users import User

__all__ = ["Guardianship", "Invitation", "Student", "StudentGrant", "User"]
