"""Many videos, on one machine or on many."""

RETRIES = 2
"""How often a video is tried again whose worker died: the machine may have been at fault."""
