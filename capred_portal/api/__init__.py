"""The interface for machines: records, figures and indicators as JSON, read-only, for whoever holds a key."""
