"""The app's name as readers see it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    """What we do."""

    name = "programs"
    verbose_name = _("Programs, workshops and outcomes")
