"""Template tags over programs and strategies."""
