"""The tests of the portal: personas in conftest.py, rows in factories.py, one folder per app."""
