"""The answers of the indicators app, one file per noun."""
