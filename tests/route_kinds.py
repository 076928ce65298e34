"""Addresses that are not pages of a role: those outside the matrix, those that only take a POST, and files."""

from capred_portal.access import ANONYMOUS, READERS

EVERYBODY = READERS | {ANONYMOUS}

# Pages without an entry in the access matrix, each with those it is for.
OUTSIDE_THE_MATRIX: dict[str, frozenset[str]] = {
    "about": EVERYBODY,
    "account_reminders_stop": EVERYBODY,  # its link is signed
    **dict.fromkeys(("check_in:door", "check_in:welcome", "check_in:mine", "check_in:arrive"), EVERYBODY),
    "account_code": frozenset({ANONYMOUS}),  # between password and code; others go on to their account
    "account_code_new": READERS,  # also between password and code
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "privacy": EVERYBODY,
    "login": frozenset({ANONYMOUS}),  # who is signed in already goes on to the overview
    "password_change": READERS,
    "reports:shared": EVERYBODY,  # who holds a link to a frozen report
    "reports:shared_pdf": EVERYBODY,
    "password_change_done": READERS,
    "password_reset": frozenset({ANONYMOUS}),
    "password_reset_complete": frozenset({ANONYMOUS}),
    "password_reset_confirm": frozenset({ANONYMOUS}),
    "password_reset_done": frozenset({ANONYMOUS}),
    "logout": EVERYBODY,
    "set_language": EVERYBODY,
    "workshops:calendar": READERS,  # or with a key of one's own, in tests/programs/test_calendar.py
}

# Addresses that take a POST and nothing else.
POST_ONLY = {
    "accounts:personal_data_export",
    "account_calendar_key",
    "check_in:arrived",
    "account_key_revoke",
    "account_sessions_end",
    "table_export",
    "logout",
    "set_language",
    "actions:comment",
    "actions:move",
    "actions:verify",
    "enterprises:duplicate_decide",
    "enterprises:duplicates_find",
    "indicators:entry_steps",
    "links:verify",
    "loads:confirm",
    "loads:map",
    "observations:accept",
    "observations:comment",
    "observations:submit",
    "observations:verify",
    "observations:withdraw",
    "outcomes:comment",
    "people:duplicate_decide",
    "people:duplicates_find",
    "people:personal_data_export",
    "reports:link",
    "reports:revoke",
    "review:step",
    "rounds:accept",
    "rounds:remind",
    "rounds:sign",
    "targets:approve",
    "workshops:attendance_known",
    "workshops:check_in_arrived",
    "workshops:check_in_close",
    "workshops:check_in_codes",
    "workshops:check_in_undo",
    "workshops:comment",
}

# Answers that are no page: a file, options for a list, a word for a load balancer.
NO_PAGE = {
    "account_stay",
    "actions:owners",
    "attributions:workshops",
    "backward_linkages:export",
    "document",
    "enterprises:choices",
    "enterprises:export",
    "enterprises:sector_choices",
    "export_file",
    "figure_file",
    "healthz",
    "readyz",
    "indicators:download",
    "indicators:entry_file",
    "indicators:export",
    "input_output:download",
    "reports:frozen_pdf",
    "reports:pdf",
    "reports:shared_pdf",
    "loads:bad_rows",
    "loads:template",
    "organisations:choices",
    "scenarios:export",
    "standards:iati",
    "standards:sdmx",
    "standards:sdmx_structure",
    "suppliers:export",
    "table_file",
    "workshops:calendar",
}

# Of one user alone: nobody else finds them, whatever the role.
OF_ONE_USER = {"export", "export_file"}

# Of Django's own pages one of each kind; the others are made of the same parts. Its sign-in is our own.
ADMIN_PAGES = {
    "admin:index": {},
    "admin:programs_workshop_changelist": {},
    "admin:programs_workshop_change": {"object_id": "workshop"},
    "admin:programs_workshop_history": {"object_id": "workshop"},
}
