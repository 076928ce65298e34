"""What answers a request, one file per noun."""
