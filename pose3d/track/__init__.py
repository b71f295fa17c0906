"""From what a detector saw to one person's 2D pose over time."""
