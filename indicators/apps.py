"""The app's name as readers see it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    """What it adds up to."""

    name = "indicators"
    verbose_name = _("Indicators")
