"""Pure analytics: numbers in, numbers out; no Django, no files, no database."""
