"""What we do: strategies, programs, workshops, outcomes and actions."""
