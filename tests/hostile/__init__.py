"""Hostile markup: what it says, where it is put, and who would see it work."""
