from .family import FamilyLock, Objection
from .grants import StudentGrant
from .invitations import CodeAttempt, Invitation
from .links import ReaderLink
from .photos import LeavingPhoto
from .profiles import StudentProfile
from .sessions import UserSession
from .students import Guardianship, Student
from .users import User

__all__ = [
    "CodeAttempt",
    "FamilyLock",
    "Guardianship",
    "Invitation",
    "LeavingPhoto",
    "Objection",
    "ReaderLink",
    "Student",
    "StudentGrant",
    "StudentProfile",
    "User",
    "UserSession",
]
