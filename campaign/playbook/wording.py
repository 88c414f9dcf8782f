"""Lines built of a playbook's texts, in both languages at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from campaign.playbook.book import Playbook
from campaign.playbook.text import Text

Answer = tuple[Text | None, Text | None]
NONE: Answer = (None, None)


def joined(texts: Iterable[Text], zh: str = "", en: str = "") -> Text | None:
    """The texts in one line, None for none; a comma parts them unless they hold commas themselves."""
    listed = list(texts)
    if not listed:
        return None
    zh = zh or ("；" if any(mark in text.zh for text in listed for mark in "，、；") else "、")
    en = en or ("; " if any(mark in text.en for text in listed for mark in ",;") else ", ")
    return Text(zh.join(text.zh for text in listed), en.join(text.en for text in listed))


def counted(texts: Iterable[Text]) -> Text | None:
    listed = list(texts)
    line = joined(listed)
    return Text(f"{len(listed)} 项：{line.zh}", f"{len(listed)}: {line.en}") if line else None


def derive_list(key: str) -> Callable[[Playbook], Answer]:
    def derive(book: Playbook) -> Answer:
        listed = next((one for one in book.lists if one.key == key), None)
        if listed is None:
            return NONE
        line = counted(item.name for item in listed.items)
        if listed.name and line:
            line = Text(f"{listed.name.zh}（{line.zh}）", f"{listed.name.en} ({line.en})")
        return line, None

    return derive
