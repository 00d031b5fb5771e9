"""A kind of case that takes papers and does nothing else, so that papers can be tried by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.ports import Tools
from webapp.web.papers import PaperAsked

KIND, CASE = "trial", "trial-1"
PAPERS = ("medical_certificate", "receipt")


class TrialPapers:
    """One case of one person; `address` is the page that asks for the papers."""

    def __init__(self, person_id: str, address: str) -> None:
        self._person_id, self._address = person_id, address
        self.is_open, self.sent = True, False

    def papers(self, tools: Tools, person_id: str, case_id: str) -> Sequence[PaperAsked]:
        if (person_id, case_id) != (self._person_id, CASE) or not self.is_open:
            return ()
        return [PaperAsked(code, "a trial paper", "because it is a trial", "go to the trial office", self._address) for code in PAPERS]

    def is_sent(self, tools: Tools, case_id: str) -> bool:
        return self.sent

    def desk_address(self, case_id: str) -> str:
        return "/officer"
