"""A roster on its way into the database: what is stored, what would change, and the writing of it."""
