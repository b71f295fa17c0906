"""What a result says: angles, how well the run went."""
