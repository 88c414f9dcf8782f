"""Who may open what: people, the world they work in, and what is declared of every page."""
