"""Number and date formats where ours differ from Django's."""
