from .family import FamilyLock, Objection
from .grants import StudentGrant
from .invitations import CodeAttempt, Invitation
from .profiles import StudentProfile
from .students import Guardianship, Student
from .users import User

__all__ = [
    "CodeAttempt",
    "FamilyLock",
    "Guardianship",
    "Invitation",
    "Objection",
    "Student",
    "StudentGrant",
    "StudentProfile",
    "User",
]
