"""Which way is up, and where the floor is."""
