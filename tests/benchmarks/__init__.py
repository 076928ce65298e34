"""How fast the pages are at national scale; run by hand, never by CI."""
