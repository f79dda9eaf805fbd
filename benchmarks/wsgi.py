"""The measured server: production's application under the benchmark's settings."""

import os
import sys
from importlib import import_module
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
application = get_wsgi_application()

# Nobody logs thirty times a minute but a measurement: the count is kept, its limit is not.
http: Any = import_module("apps.accounts.http")
http.WRITES_A_MINUTE = sys.maxsize
