"""Reports that leave the portal on paper: the brief, the quarterly report, the report on a workshop."""
