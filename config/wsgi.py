"""The web server's way in."""

import os

from django.core.wsgi import get_wsgi_application

from config import embedded_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# A demonstration brings its database along; a production server names its own.
embedded_database.provide()

application = get_wsgi_application()
