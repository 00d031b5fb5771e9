"""What every calendar of ours says alike: the prototype named, the caution, stable names of events, when an alarm rings."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from webapp.web.language import gettext as _
from webapp.web.tools import tools

A_DAY_BEFORE = timedelta(days=1)
THE_MORNING_BEFORE = timedelta(hours=15)
"""Before a whole day, which begins at midnight: nobody is to be woken by it."""


def named(title: str) -> str:
    return _("[Prototype] %(title)s", title=title) if tools().settings.demonstration else title


def with_caution(text: str) -> str:
    date_holds = _("Every date holds only if the request is approved in time.")
    return with_prototype(f"{text}\n{date_holds}")


def with_prototype(text: str) -> str:
    return f"{text}\n{_('Prototype: nothing reaches the SSO')}" if tools().settings.demonstration else text


def uid(name: str) -> str:
    return f"{name}@{urlsplit(tools().settings.base_url).hostname}"


def address(path: str) -> str:
    return f"{tools().settings.base_url}{path}"
