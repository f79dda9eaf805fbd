"""Every write about a child's sign-in that must be whole."""

from .devices import revoke_device, trust_device, unlock_device
from .errors import DeviceIsLocked, DeviceIsNotTrusted, MustWait, NameIsTaken, NoSignIn, WrongSecret
from .guard import enter_with_card, enter_with_secret, forget_attempts
from .logins import close_login, hand_over, make_card, open_login, revoke_card, set_up

__all__ = [
    "DeviceIsLocked",
    "DeviceIsNotTrusted",
    "MustWait",
    "NameIsTaken",
    "NoSignIn",
    "WrongSecret",
    "close_login",
    "enter_with_card",
    "enter_with_secret",
    "forget_attempts",
    "hand_over",
    "make_card",
    "open_login",
    "revoke_card",
    "revoke_device",
    "set_up",
    "trust_device",
    "unlock_device",
]
