"""Captures of live coverage to content files: readers make a `Capture`, one writer writes it."""
