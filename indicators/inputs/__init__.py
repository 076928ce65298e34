"""What producers use and where it comes from: trade, input-output tables, linkages, suppliers, scenarios."""
