"""The app's name as readers see it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnterprisesConfig(AppConfig):
    """Who and where."""

    name = "enterprises"
    verbose_name = _("Provinces and enterprises")
