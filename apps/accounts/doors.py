"""The doors that several pages go through."""

from .models import Invitation, Student
from .prepared import Door

# The student alone; a page that asks for more has a door of its own.
student_or_404 = Door(lambda reader: Student.objects.all())
invitation_or_404 = Door(lambda reader: Invitation.objects.select_related("student"))
