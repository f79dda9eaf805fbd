import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()

# Everything loaded until here lives as long as the process: the collector need not look at it again,
# and a request makes far more objects than the default of 700 before a look is worth its time.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
