"""Make-believe people for trying Woodshed out: ``manage.py seed_demo``."""

from argparse import ArgumentParser
from time import time
from typing import Any
from urllib.parse import quote

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.accounts.models import User
from apps.home.demo import refuse_production
from apps.home.demo.people import ACCOUNTS
from apps.home.demo.studio import PASSWORD, build, is_built, totp_secret


class Command(BaseCommand):
    help = "Fill the database with a made-up studio, once; print how to sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The demo itself is the same everywhere."""
        parser.add_argument("--migrate", action="store_true", help="bring the tables up to date first")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_production()
        if options["migrate"]:
            call_command("migrate", interactive=False, verbosity=0)
        if not is_built():
            build(now=timezone.now())
        self.stdout.write("\n".join(logins()))


def logins() -> list[str]:
    """The lines that tell how to sign in, the staff's second factor included."""
    lines = [f"Sign in with the password {PASSWORD} as"]
    lines += [f"  {account.email:<24} {account.what}" for account in ACCOUNTS if account.has_demo_login]
    email = next(account.email for account in ACCOUNTS if account.key == "staff")
    secret = totp_secret(User.objects.get(email=email))
    uri = f"otpauth://totp/{quote(settings.SITE_NAME)}:{email}?secret={secret}&issuer={quote(settings.SITE_NAME)}"
    code = format_hotp_value(hotp_value(secret, int(time()) // app_settings.TOTP_PERIOD))
    lines.append(
        f"The second factor of {email}: the code is {code} for this half minute; for an authenticator app,"
    )
    return [*lines, f"  secret {secret}", f"  {uri}"]
