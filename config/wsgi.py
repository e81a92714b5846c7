"""The web application, as granian loads it."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from nhipcau.catalogue import search  # noqa: E402 - rooms can be loaded only when Django stands

# The table of everyday words takes a moment to build: before the first person searches, not while they wait.
Thread(target=search.concept_table, daemon=True).start()
