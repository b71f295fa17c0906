"""Models on disk: the cache, downloads, weights files."""
