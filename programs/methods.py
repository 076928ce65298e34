"""What workshops, people, actions and programs explain on the page of methods."""

from django.utils.translation import gettext_lazy as _

from capred_portal.methods import Rule, chapter, figure_chapter

SUPPORT = ("programs.figures.programs", "programs.figures.smes", "programs.figures.supported")

figure_chapter(20, "rules-workshops", _("Workshops and outcomes"), "programs.figures.work")
figure_chapter(21, "rules-people", _("People"), "programs.figures.people")
figure_chapter(22, "rules-actions", _("Actions and questions"), "programs.figures.actions")
figure_chapter(23, "rules-programs", _("Programs"), *SUPPORT, "programs.figures.certificates")
figure_chapter(24, "rules-attribution", _("Links by program"), "programs.figures.links")
figure_chapter(25, "rules-strategy", _("Strategies"), "programs.figures.strategy")


def at_the_door() -> list[Rule]:
    """Return what holds when people sign in to a workshop by themselves."""
    return [
        Rule(
            "door-who",
            _("Who somebody is"),
            (
                _(
                    "The same phone with a name that agrees, or exactly the same name and organisation, is somebody"
                    " known. Anybody else is a new person; one who resembles somebody is marked, for people to decide."
                ),
                _("Nothing known is replaced or shown at the door: only what was blank is filled."),
                _("One person has one row on a list and one arrival, however often and on however many phones."),
            ),
        ),
        Rule(
            "door-consent",
            _("Consent at the door"),
            (
                _(
                    "Everybody reads the notice in force and says yes or no. Beside a yes the portal records the"
                    " notice."
                ),
                _(
                    "After a no the phone number is not kept. Contacts known before stay until staff confirm that they"
                    " go, and the list says so until then, for nobody has proved who it was."
                ),
                _("A no that is written down stays when somebody says yes at the door; only staff change it."),
            ),
        ),
        Rule(
            "door-open",
            _("When a door is open"),
            (
                _("From when staff open it until the time they state. Each opening has a new code."),
                _("One opening writes 2,000 new names by itself at most. Staff then look and open it anew."),
                _("Who arrives counts as attended at once, in every figure; undoing an arrival takes that back."),
            ),
        ),
    ]


chapter(
    92,
    "check-in",
    _("Signing in at the door"),
    template="check_in/_rules.html",
    apart=True,
    context=lambda: {"door_rules": at_the_door()},
)
