"""Rows of memory: for each kind of thing, how far from its address each of its numbers lies."""
