"""Starting what the application stands on: broker, database, web server, worker and beat.

For a demonstration, for development and for the tests, on a machine where no service runs. An office runs
its own PostgreSQL and Redis and names them by DATABASE_URL and REDIS_URL; nothing here is imported then.
"""
