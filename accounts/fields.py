"""A text column whose content is sealed at rest."""

from typing import Any

from django.db import models

from accounts import crypto


class EncryptedTextField(models.TextField):
    """Plain text in Python, a sealed token in the database. Cannot be searched; keep a crypto.digest() beside it."""

    description = "Text sealed with FIELD_KEYS"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else crypto.decrypt(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else crypto.encrypt(str(value))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name in {"isnull"}:
            return super().get_lookup(lookup_name)
        raise TypeError(f"A sealed column cannot be searched with {lookup_name!r}; use its digest")
