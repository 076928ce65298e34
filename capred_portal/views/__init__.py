"""What answers a request: the pages all apps share, and those of loads."""
