"""Figures of the room, one module a topic."""
