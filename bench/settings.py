"""The product's settings, with the bare flow's module beside its apps.

viewflow names a flow by the app that it lives in, so the bare flow needs one.
"""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
