from .grants import StudentGrant
from .invitations import Invitation
from .profiles import StudentProfile
from .students import Guardianship, Student
from .users import User

__all__ = ["Guardianship", "Invitation", "Student", "StudentGrant", "StudentProfile", "User"]
