"""The web application, as granian loads it."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from nhipcau.procedures import queries  # noqa: E402 - rooms can be loaded only when Django stands

# The search index takes some seconds to build: before the first person searches, not while they wait.
Thread(target=queries.warm_search, daemon=True).start()
