"""What the home pages show, by role. Each page costs a number of queries that does not grow with the tree."""
