"""Files in: videos, addresses, models on disk."""
