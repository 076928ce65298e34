"""What it adds up to: the overview and the strategy pages."""
