from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports import bulletin_todos, checks, tasks, todos  # noqa: F401  they register on import
        from reports import uses  # noqa: F401  says which keys of the playbook its records use
