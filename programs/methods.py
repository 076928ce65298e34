"""What workshops, people, actions and programs explain on the page of methods."""

from django.utils.translation import gettext_lazy as _

from capred_portal.methods import figure_chapter

SUPPORT = ("programs.figures.programs", "programs.figures.smes", "programs.figures.supported")

figure_chapter(20, "rules-workshops", _("Workshops and outcomes"), "programs.figures.work")
figure_chapter(21, "rules-people", _("People"), "programs.figures.people")
figure_chapter(22, "rules-actions", _("Actions and questions"), "programs.figures.actions")
figure_chapter(23, "rules-programs", _("Programs"), *SUPPORT, "programs.figures.certificates")
figure_chapter(24, "rules-attribution", _("Links by program"), "programs.figures.links")
figure_chapter(25, "rules-strategy", _("Strategies"), "programs.figures.strategy")
