"""What a service about a child's sign-in may refuse, and why."""


class NameIsTaken(Exception):
    """Another child signs in with this name."""


class NoSignIn(Exception):
    """The child has no sign-in that this could belong to."""


class WrongSecret(Exception):
    """Not the pictures, not the number."""


class MustWait(Exception):
    """Too many wrong tries; ``seconds`` until the next one is looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class DeviceIsLocked(Exception):
    """So many wrong tries in a day that a guardian must let the child on again."""


class DeviceIsNotTrusted(Exception):
    """Revoked meanwhile, or whoever trusted it is no guardian any more."""
