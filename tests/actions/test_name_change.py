"""A new name in the record: what ThaiD says otherwise, taken or reported; one written at a counter; what the office's file does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.claim_people import officer as officer_of
from tests.claim_people import person_id as id_of
from tests.standing_clock import StandingClock
from webapp.actions import audit, corrections, counter_codes, key_rotation, name_change, privacy
from webapp.actions.demo import WITH_ANOTHER_NAME
from webapp.actions.taking_effect import tidy
from webapp.app import tools_for
from webapp.domain.audit import Act, By
from webapp.domain.correction import MOST_OPEN, About, Answer, Proof, Status, Told
from webapp.domain.name_change import Entered, PaperSeen, WrittenName
from webapp.domain.person import NumberKind
from webapp.domain.reminder import Occasion
from webapp.domain.retention import period_of
from webapp.ports import Identity, PersonRow, Tools

OFFICER, INSURED_OFFICER, SOMCHAI = "1000000000076", "1000000000084", "1000000000009"
BORN = date(1998, 10, 3)
OLD, NEW = WrittenName("นางสาว", "สมฤดี", "ตัวอย่าง"), WrittenName("นางสาว", "สมฤดี", "ทดสอบสมรส")


@pytest.fixture
def somruedi(tools: Tools) -> str:
    return id_of(tools, WITH_ANOTHER_NAME)


def thaid_says(tools: Tools, person_id: str, family_name: str = "ทดสอบสมรส", born: date | None = BORN) -> None:
    name_change.note_what_thaid_says(tools, person_id, Identity(WITH_ANOTHER_NAME, "สมฤดี", family_name, born, "2.3"))


def name_of(tools: Tools, person_id: str) -> WrittenName:
    found = tools.store.name_of(person_id)
    assert found is not None
    return found.written


def file_brings(tools: Tools, family_name: str) -> None:
    """The office's nightly file, as it writes this person."""
    row = PersonRow(WITH_ANOTHER_NAME, "นางสาว", "สมฤดี", family_name, BORN, "33", None, None, "TH-13", "TH-13", None)
    tools.store.put_people([row], tools.clock.now(), demo=True)


def told(tools: Tools, person_id: str, clock: StandingClock) -> list[Occasion]:
    clock.advance(days=1)
    return [one.occasion for one in tools.store.inbox_of(person_id, clock.now(), 50)]


# ThaiD


def test_what_thaid_says_is_kept_only_while_it_is_something_else(tools: Tools, somruedi: str) -> None:
    thaid_says(tools, somruedi)
    assert name_change.differs(tools, somruedi).name == NEW
    thaid_says(tools, somruedi, "ตัวอย่าง")
    assert not name_change.differs(tools, somruedi)
    assert tools.store.thaid_says(somruedi) is None


def test_the_record_takes_the_name_at_once_and_the_office_is_told_to_follow(
    tools: Tools, somruedi: str, clock: StandingClock
) -> None:
    thaid_says(tools, somruedi)
    assert name_change.take_from_thaid(tools, somruedi) == NEW
    assert name_of(tools, somruedi) == NEW
    assert tools.store.thaid_says(somruedi) is None, "nothing differs any more"
    (sent,) = corrections.corrections_of(tools, somruedi)
    assert (sent.report.about, sent.report.should_be, sent.report.proof) == (About.NAME, NEW.full, Proof.THAID)
    (entry,) = [one for one in audit.everything_about(tools, somruedi) if one.entry.act is Act.NAME_CHANGED]
    assert (entry.entry.who.by, entry.entry.reason, entry.words) == (By.PERSON, "thaid", OLD.full)
    assert told(tools, somruedi, clock) == [Occasion.NAME_CHANGED]


def test_taken_twice_is_once(tools: Tools, somruedi: str) -> None:
    thaid_says(tools, somruedi)
    name_change.take_from_thaid(tools, somruedi)
    assert name_change.take_from_thaid(tools, somruedi) is None
    assert len(corrections.corrections_of(tools, somruedi)) == 1


def test_nobody_takes_a_name_that_thaid_did_not_say(tools: Tools, somruedi: str) -> None:
    assert name_change.take_from_thaid(tools, somruedi) is None
    assert name_of(tools, somruedi) == OLD


def test_reports_that_wait_do_not_bar_it(tools: Tools, somruedi: str) -> None:
    for number in range(MOST_OPEN):
        corrections.send(tools, somruedi, f"key-{number}", Told(About.SECTION, "39", Proof.NONE_YET))
    thaid_says(tools, somruedi)
    assert name_change.take_from_thaid(tools, somruedi) == NEW


def test_another_birth_date_goes_to_the_officers_once_and_changes_nothing_here(tools: Tools, somruedi: str) -> None:
    thaid_says(tools, somruedi, "ตัวอย่าง", date(1998, 3, 10))
    sent = name_change.report_birth_date(tools, somruedi)
    assert sent is not None
    assert (sent.report.about, sent.report.should_be, sent.report.proof) == (About.BIRTH_DATE, "1998-03-10", Proof.THAID)
    again = name_change.report_birth_date(tools, somruedi)
    assert again is not None
    assert again.reference == sent.reference
    assert tools.store.name_of(somruedi).birth_date == BORN
    assert name_change.standing_of(tools, somruedi).birth_date_told == sent


def test_a_birth_date_that_agrees_is_reported_to_nobody(tools: Tools, somruedi: str) -> None:
    thaid_says(tools, somruedi)
    assert name_change.report_birth_date(tools, somruedi) is None
    assert corrections.corrections_of(tools, somruedi) == []


# The office's file


def test_the_old_file_does_not_bring_the_old_name_back(tools: Tools, somruedi: str) -> None:
    thaid_says(tools, somruedi)
    name_change.take_from_thaid(tools, somruedi)
    file_brings(tools, "ตัวอย่าง")
    assert name_of(tools, somruedi) == NEW
    assert tools.store.name_in_file_of(somruedi) == OLD
    file_brings(tools, "ตัวอย่าง")
    assert name_of(tools, somruedi) == NEW


def test_a_file_that_has_followed_leaves_nothing_beside_the_name(tools: Tools, somruedi: str) -> None:
    thaid_says(tools, somruedi)
    name_change.take_from_thaid(tools, somruedi)
    file_brings(tools, "ทดสอบสมรส")
    assert name_of(tools, somruedi) == NEW
    assert tools.store.name_in_file_of(somruedi) is None
    file_brings(tools, "ตัวอย่าง")
    assert name_of(tools, somruedi) == OLD, "from then on the file alone counts"


def test_a_file_with_a_third_name_is_newer_than_what_was_told_here(tools: Tools, somruedi: str) -> None:
    thaid_says(tools, somruedi)
    name_change.take_from_thaid(tools, somruedi)
    file_brings(tools, "ที่สาม")
    assert name_of(tools, somruedi).family_name == "ที่สาม"
    assert tools.store.name_in_file_of(somruedi) is None


def test_a_second_change_still_knows_what_the_file_says(tools: Tools, somruedi: str) -> None:
    for family_name in ("ทดสอบสมรส", "หลังหย่า"):
        thaid_says(tools, somruedi, family_name)
        name_change.take_from_thaid(tools, somruedi)
    assert tools.store.name_in_file_of(somruedi) == OLD
    thaid_says(tools, somruedi, "ตัวอย่าง")
    name_change.take_from_thaid(tools, somruedi)
    assert tools.store.name_in_file_of(somruedi) is None, "the record says what the file says"


def test_no_officer_is_left_with_an_older_name_to_put_right(tools: Tools, somruedi: str) -> None:
    for family_name in ("ทดสอบสมรส", "หลังหย่า"):
        thaid_says(tools, somruedi, family_name)
        name_change.take_from_thaid(tools, somruedi)
    (waiting,) = corrections.open_of(tools, somruedi)
    assert waiting.report.should_be.endswith("หลังหย่า")
    assert {one.status for one in corrections.corrections_of(tools, somruedi)} == {Status.OPEN, Status.WITHDRAWN}


# The counter


def at_the_counter(tools: Tools, number: str = WITH_ANOTHER_NAME, officer: str = OFFICER, kind: NumberKind = NumberKind.CITIZEN) -> str:
    """Looked up; returns the mark of the page that shows whom."""
    found = counter_codes.look_up(tools, officer_of(tools, officer), number, kind)
    assert isinstance(found, counter_codes.AtTheCounter), found
    return found.shown


def seen(name: WrittenName = NEW, paper: PaperSeen | None = PaperSeen.MARRIAGE) -> Entered:
    return Entered(name, paper, card=True, face=True)


def test_an_officer_writes_the_name_and_the_person_reads_who_did_and_why(tools: Tools, somruedi: str, clock: StandingClock) -> None:
    one, wife = officer_of(tools, OFFICER), WrittenName("นาง", "สมฤดี", "ทดสอบสมรส")
    assert name_change.enter_at_counter(tools, one, at_the_counter(tools), seen(wife)) == wife
    assert name_of(tools, somruedi) == wife
    opening = next(one for one in audit.openings_of(tools, somruedi) if one.entry.act is Act.NAME_CHANGED)
    assert (opening.entry.who, opening.entry.reason, opening.words) == (audit.officer(one.id), "marriage", OLD.full)
    (sent,) = corrections.corrections_of(tools, somruedi)
    assert (sent.report.about, sent.report.proof) == (About.NAME, Proof.SEEN_AT_THE_COUNTER)
    assert [step.by for step in tools.store.steps_of_correction(sent.reference)] == [one.id]
    assert counter_codes.at_the_counter(tools, one) is None, "nobody stands at the counter any more"
    assert told(tools, somruedi, clock) == [Occasion.NAME_CHANGED]


def test_a_page_left_open_on_somebody_else_writes_nothing(tools: Tools, somruedi: str) -> None:
    one, earlier = officer_of(tools, OFFICER), at_the_counter(tools)
    at_the_counter(tools, SOMCHAI)
    assert name_change.enter_at_counter(tools, one, earlier, seen()) is None
    assert name_of(tools, somruedi) == OLD
    assert name_of(tools, id_of(tools, SOMCHAI)).given_name == "สมชาย"


def test_nobody_was_looked_up_and_nothing_is_written(tools: Tools, somruedi: str) -> None:
    assert name_change.enter_at_counter(tools, officer_of(tools, OFFICER), "", seen()) is None
    assert name_of(tools, somruedi) == OLD


def test_an_officer_does_not_write_their_own_name(tools: Tools) -> None:
    own = officer_of(tools, INSURED_OFFICER)
    assert counter_codes.look_up(tools, own, INSURED_OFFICER, NumberKind.CITIZEN) is counter_codes.NotFound.THEIR_OWN
    draft = {"person_id": own.person_id, "at": tools.clock.machine_time(), "shown": "mark"}
    tools.store.keep_draft(f"officer:{own.id}", counter_codes.LOOKED_UP, draft, tools.clock.machine_time())
    refused = name_change.enter_at_counter(tools, own, "mark", seen())
    assert isinstance(refused, tuple)
    assert [reason.code for reason in refused] == ["not_the_officers_own"]


def test_without_a_paper_nothing_is_written(tools: Tools, somruedi: str) -> None:
    refused = name_change.enter_at_counter(tools, officer_of(tools, OFFICER), at_the_counter(tools), seen(paper=None))
    assert isinstance(refused, tuple)
    assert [reason.code for reason in refused] == ["paper_named"]
    assert name_of(tools, somruedi) == OLD


def test_it_works_for_somebody_with_a_social_security_card(tools: Tools) -> None:
    number = "7000000000017"
    mark = at_the_counter(tools, number, kind=NumberKind.SOCIAL_SECURITY)
    name = WrittenName("นาย", "ออง", "ซอ")
    assert name_change.enter_at_counter(tools, officer_of(tools, OFFICER), mark, seen(name, PaperSeen.PASSPORT)) == name
    person_id = tools.store.person_id_of(number, NumberKind.SOCIAL_SECURITY)
    assert name_of(tools, person_id) == name


# What is held of it


def test_old_name_and_what_thaid_says_are_in_the_copy(tools: Tools, somruedi: str) -> None:
    thaid_says(tools, somruedi, born=date(1998, 3, 10))
    name_change.take_from_thaid(tools, somruedi)
    held = privacy.copy_of(tools, somruedi)["data"]
    assert held["identity"]["family_name"] == "ทดสอบสมรส"
    assert held["identity"]["name_in_file"] == OLD.full
    assert held["thaid_says"]["birth_date"] == "1998-03-10"
    assert OLD.full in [one.get("words") for one in held["audit"]]


def test_the_old_name_in_the_log_is_forgotten_like_any_reason(tools: Tools, somruedi: str, clock: StandingClock) -> None:
    thaid_says(tools, somruedi)
    name_change.take_from_thaid(tools, somruedi)
    clock.advance(days=period_of("reasons").days + 1)
    tidy(tools)
    (entry,) = [one for one in audit.everything_about(tools, somruedi) if one.entry.act is Act.NAME_CHANGED]
    assert entry.words == ""
    assert audit.check(tools).findings == ()


def test_what_thaid_said_long_ago_is_forgotten(tools: Tools, somruedi: str, clock: StandingClock) -> None:
    thaid_says(tools, somruedi)
    clock.advance(days=period_of("thaid_says").days + 1)
    tidy(tools)
    assert tools.store.thaid_says(somruedi) is None


def test_a_stolen_database_tells_neither_name(tools: Tools, somruedi: str) -> None:
    thaid_says(tools, somruedi, born=date(1998, 3, 10))
    name_change.take_from_thaid(tools, somruedi)
    database = Path(tools.settings.database_url.removeprefix("sqlite:///"))
    held = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    assert "ทดสอบสมรส".encode() not in held
    assert b"1998-03-10" not in held


def test_new_keys_write_names_and_what_thaid_says_anew(tools: Tools, somruedi: str) -> None:
    thaid_says(tools, somruedi, born=date(1998, 3, 10))
    name_change.take_from_thaid(tools, somruedi)
    new = "bmV3IGtleSBmb3IgYWxsIHRoYXQgaXMgc2VhbGVkISE="
    both = replace(tools_for(replace(tools.settings, data_keys=(new, *tools.settings.data_keys))), clock=tools.clock)
    key_rotation.rotate(both)
    alone = replace(tools_for(replace(tools.settings, data_keys=(new,))), clock=tools.clock)
    assert name_of(alone, somruedi) == NEW
    assert alone.store.name_in_file_of(somruedi) == OLD
    assert alone.store.thaid_says(somruedi).birth_date == date(1998, 3, 10)
    both.store.close()
    alone.store.close()


def test_an_officer_answers_the_report_and_sees_what_the_file_says(tools: Tools, somruedi: str) -> None:
    thaid_says(tools, somruedi)
    name_change.take_from_thaid(tools, somruedi)
    (sent,) = corrections.open_of(tools, somruedi)
    one = officer_of(tools, OFFICER)
    corrections.take(tools, one, sent.reference)
    settled = corrections.settle(tools, one, sent.reference, Answer.SOURCE_PUT_RIGHT, "")
    assert settled is not None
    assert name_of(tools, somruedi) == NEW
