"""The WSGI application: inside asgi.py, or for gunicorn where a province chooses it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings.embedded")
application = get_wsgi_application()
