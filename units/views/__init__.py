"""Pages of this room, one module a topic."""
