"""What a claim says and asks, in the words of both languages: its questions, states, steps, ways of being paid, reasons.

Decided: a question of the benefit check keeps its words (web/benefit_words.py); a claim adds those that only it asks. A sum is "expected"
until it is decided. Nothing here says how a claim will end: an officer decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from webapp.actions.claims import DECISION, PAYMENT, WITH_THE_OFFICE, Item, State
from webapp.domain.answers import NOT_SURE
from webapp.domain.claim import Claim, RefusalReason, Status, StepCode, WhyReturned
from webapp.domain.claim_questions import BORN, ON, Asks, ClaimQuestion
from webapp.domain.lawbook import Law
from webapp.domain.payment import BANKS, Payment, Way
from webapp.web import benefit_words
from webapp.web.benefit_words import Asked
from webapp.web.filters import date_time, short_date
from webapp.web.hospital_change_words import Tag
from webapp.web.language import gettext as _
from webapp.web.language import language, ngettext, ph
from webapp.web.numbers import baht

Words = str | Markup
PLACE = "/claims"


def claim_name(kind: str) -> str:
    """What is claimed, as a title."""
    return {
        "sickness": _("Claim: sickness"),
        "dental": _("Claim: dental care"),
        "maternity": _("Claim: maternity"),
        "invalidity": _("Claim: invalidity"),
        "death": _("Claim: after a death"),
        "old_age": _("Claim: old age"),
        "child_allowance": _("Claim: child allowance"),
        "unemployment": _("Claim: unemployment"),
    }[kind]


def amount_name(code: str) -> str:
    return _("Child allowance, the months up to now") if code == "child_allowance_so_far" else benefit_words.amount_name(code)


# Questions


def question_words(kind: str, question: ClaimQuestion) -> Asked:
    if question.of_checker is not None:
        return benefit_words.question_words(kind, question.name)
    if question.name == ON:
        return _day_words(kind)
    return _own_questions()[question.name]


def _day_words(kind: str) -> Asked:
    hint = _("The law of that day counts. For example 12 4 2026. The month may be a name.")
    titles = {
        "maternity": ph("When was the child born?"),
        "old_age": ph("From which day do you ask for old-age money?"),
        "unemployment": ph("Which was your first day without work?"),
    }
    if kind == "old_age":
        hint = _("The first day on which you were old enough and no longer insured.")
    return Asked(titles[kind], hint) if kind in titles else Asked(benefit_words.asked_day(kind).title, hint)


def _own_questions() -> dict[str, Asked]:
    born = _("As it stands on the birth certificate.")
    return {
        "other_parent_insured": Asked(
            ph("Is the other parent insured with the SSO too?"), _("If both are insured, only one of you gets the lump sum.")
        ),
        "other_parent_number": Asked(
            ph("Which ID number has the other parent?"),
            _("The office compares, so that one child is not paid for twice. 13 digits, spaces may be left out."),
            _("ID number of the other parent"),
        ),
        "deceased_number": Asked(
            ph("Which ID number had the person who died?"),
            _("It stands on the death certificate. 13 digits, spaces may be left out."),
            _("ID number of the person who died"),
        ),
        "deceased_name": Asked(
            ph("What was the name of the person who died?"), _("Given name and family name, as on the death certificate."), _("Name")
        ),
        "relation": Asked(ph("Who are you to the person who died?")),
        "held_funeral": Asked(ph("Do you hold the funeral, or did you?"), _("The funeral grant is for whoever holds the funeral.")),
        "children_count": Asked(
            ph("For how many children do you claim?"),
            _("It is paid for at most so many children at the same time. More? Choose the youngest."),
        ),
        BORN[0]: Asked(ph("When was the child born?"), born),
        BORN[1]: Asked(ph("When was the second child born?"), born),
        BORN[2]: Asked(ph("When was the third child born?"), born),
        "children_own": Asked(
            ph("Are they your own children by law?"), _("Legitimate, not adopted, and not given up for adoption.")
        ),
        "children_paid_now": Asked(ph("For how many other children do you get this money now?")),
        "registered": Asked(
            ph("Have you registered with the Department of Employment?"),
            _("Without it no unemployment money is paid. You can do it after this."),
        ),
    }  # fmt: skip


def options(question: ClaimQuestion, law: Law) -> list[dict[str, str]]:
    """The cards of a question; "not sure" only where a claim takes it."""
    if question.of_checker is not None:
        cards = benefit_words.options(question.of_checker)
        return cards if question.may_be_unsure else [card for card in cards if card["value"] != NOT_SURE]
    choices = question.choices or ("yes", "no")
    if question.name in ("children_count", "children_paid_now"):
        choices = tuple(choice for choice in choices if int(choice) <= law.read("child_allowance.children_at_once", int))
    return [{"value": choice, "label": _choice(question.name, choice)} for choice in choices]


def _choice(name: str, choice: str) -> str:
    if name in ("children_count", "children_paid_now"):
        return _("None") if choice == "0" else ngettext("%(num)s child", "%(num)s children", int(choice))
    return {
        ("other_parent_insured", "yes"): _("Yes, insured too"),
        ("other_parent_insured", "no"): _("No, not insured"),
        ("other_parent_insured", "not_sure"): _("Not sure"),
        ("relation", "spouse"): _("Husband or wife"),
        ("relation", "child"): _("Son or daughter"),
        ("relation", "parent"): _("Father or mother"),
        ("relation", "other"): _("Somebody else"),
        ("held_funeral", "yes"): _("Yes, I hold it or held it"),
        ("held_funeral", "no"): _("No, somebody else"),
        ("children_own", "yes"): _("Yes, my own by law"),
        ("children_own", "no"): _("No, or not all of them"),
        ("registered", "yes"): _("Yes, registered"),
        ("registered", "no"): _("No, not yet"),
    }[name, choice]


def answer_words(question: ClaimQuestion, answer: str, typed: Any = None) -> Words:
    """An answer said back; `typed` is the rule's own reading of one of the check."""
    if question.asks is Asks.DAY:
        return short_date(date.fromisoformat(answer))
    if question.asks is Asks.NUMBER:
        return Markup("<bdi>{}</bdi>").format("•" * 9 + answer[-4:])
    if question.of_checker is not None:
        return benefit_words.answer_words(question.of_checker, typed)
    if question.asks is Asks.WORDS:
        return Markup("<bdi>{}</bdi>").format(answer)
    return _choice(question.name, answer)


def fault_words(question: ClaimQuestion, code: str, highest: int | None) -> str:
    """What to do about an answer that cannot be taken."""
    if question.asks in (Asks.CHOICE, Asks.YES_NO):
        return _("Choose one of the answers")
    if question.asks is Asks.NUMBER:
        own = _("This is your own number. Type that of the other person")
        return own if code == "own_number" else _("Type the 13 digits as they stand on the card or paper")
    if question.asks is Asks.WORDS:
        return _("That is too long. Write the name only") if code == "too_long" else _("Write the name")
    if question.asks is Asks.DAY:
        return {
            "not_yet": _("This day has not come yet. Claim when it has happened"),
            "too_long_ago": _("That is too long ago for this app. Call 1506"),
        }.get(code, _("Check the date"))
    if code == "missing" or question.of_checker is None:
        return _("Type a number")
    return benefit_words.fault_words(question.of_checker, code, highest)


# Being paid


def way_options(is_citizen: bool, lower: bool) -> list[dict[str, str]]:
    """PromptPay by number only for those who have a citizen number."""
    bank = _("Changed at the counter, with your card") if lower else _("We ask for ThaiD once more before we take the number")
    promptpay = [
        {
            "value": Way.PROMPTPAY,
            "label": _("PromptPay with my citizen number"),
            "hint": _("Nothing to type. Your bank must have linked PromptPay to that number."),
        }
    ]
    return (promptpay if is_citizen else []) + [
        {"value": Way.BANK, "label": _("Into my bank account"), "hint": bank},
        {"value": Way.COUNTER, "label": _("I do not know yet, at the counter"), "hint": _("An SSO office takes it down later.")},
    ]


def bank_options() -> list[dict[str, str]]:
    found = [{"value": bank.code, "label": bank.name_th if language() == "th" else bank.name_en} for bank in BANKS.values()]
    return [{"value": "", "label": _("Choose a bank")}, *found]


def payment_words(payment: Payment) -> Words:
    """Masked ever after."""
    if payment.way is Way.PROMPTPAY:
        return _("PromptPay with the citizen number")
    if payment.way is Way.COUNTER:
        return _("To be settled at the counter")
    bank = BANKS.get(payment.bank)
    name = (bank.name_th if language() == "th" else bank.name_en) if bank else payment.bank
    return ph("%(bank)s, account ending %(digits)s", bank=name, digits=payment.last_digits)


def account_fault(field: str, code: str, bank: str) -> str:
    if field == "bank":
        return _("Choose the bank")
    lengths = sorted(BANKS[bank].digits) if bank in BANKS else []
    if code == "wrong_length":
        return _("An account of this bank has %(count)s digits. Compare with the bank book", count=", ".join(map(str, lengths)))
    return _("Type the account number: digits only, spaces may be left out")


# Where it stands


def status_tag(status: Status) -> Tag:
    return {
        Status.SENT: Tag("inf", _("Sent")),
        Status.TAKEN: Tag("inf", _("Being decided")),
        Status.NEEDS_PAPER: Tag("wa", _("A paper is needed")),
        Status.REFUSAL_PROPOSED: Tag("inf", _("Being decided")),
        Status.APPROVED: Tag("ok", _("Approved")),
        Status.REFUSED: Tag("bad", _("Not approved")),
        Status.PAID: Tag("ok", _("Paid")),
        Status.WITHDRAWN: Tag("old", _("Withdrawn")),
        Status.APPEALED: Tag("inf", _("Appeal being looked at")),
        Status.STOPPED: Tag("wa", _("With the office")),
        Status.WITH_THE_OFFICE: Tag("wa", _("With the office")),
    }[status]


def claim_tag(claim: Claim) -> Tag:
    """The status, or where the money of an approved claim is."""
    if claim.status is Status.APPROVED and claim.returned is not None:
        return Tag("wa", _("Waits for another account"))
    if claim.status is Status.APPROVED and claim.sending is not None:
        return Tag("ok", _("Sent to the bank"))
    return status_tag(claim.status)


def heading(claim: Claim) -> Markup:
    """What stands now, as one sentence."""
    if claim.status is Status.APPROVED and claim.returned is not None:
        return ph("The bank sent your money back")
    return {
        Status.SENT: lambda: ph("We have your claim"),
        Status.TAKEN: lambda: ph("Your claim is being decided"),
        Status.NEEDS_PAPER: lambda: ph("Your claim needs one more paper"),
        Status.REFUSAL_PROPOSED: lambda: ph("Your claim is being decided"),
        Status.APPROVED: lambda: ph("Your claim is approved"),
        Status.REFUSED: lambda: ph("Your claim was not approved"),
        Status.PAID: lambda: ph("Your claim is paid"),
        Status.WITHDRAWN: lambda: ph("You withdrew this claim"),
        Status.APPEALED: lambda: ph("Your appeal is being looked at"),
        Status.STOPPED: lambda: ph("This claim is with the office"),
        Status.WITH_THE_OFFICE: lambda: ph("This claim is with the office"),
    }[claim.status]()


def timeline_lines(items: Sequence[Item], claim: Claim) -> list[dict[str, Any]]:
    """The items as the timeline component takes them."""
    return [_line(item, claim) for item in items]


def _line(item: Item, claim: Claim) -> dict[str, Any]:
    state = {State.DONE: "done", State.NOW: "now", State.FUTURE: "next"}[item.state]
    if item.code in (StepCode.REFUSED, StepCode.WITHDRAWN, StepCode.CLAIMANT_DIED, StepCode.APPEAL_DISMISSED, StepCode.RETURNED):
        state = "stopped"
    return {"state": state, "title": _title(item), "at": date_time(item.at) if item.at else None, "note": _note(item, claim)}


def _title(item: Item) -> str:
    coming = item.state is not State.DONE
    return {
        StepCode.SENT: _("Sent and received"),
        StepCode.TAKEN: _("An officer takes it up") if coming else _("An officer has taken it up"),
        StepCode.GIVEN_BACK: _("Back in the queue"),
        StepCode.PAPER_WANTED: _("One more paper asked for"),
        StepCode.PAPER_GIVEN: _("Your paper") if coming else _("Goes on after the paper"),
        StepCode.PAYMENT_CHANGED: _("Say how you want to be paid") if coming else _("Way of being paid changed"),
        StepCode.REFUSAL_PROPOSED: _("A refusal is proposed"),
        StepCode.REFUSAL_SET_ASIDE: _("The refusal is set aside"),
        StepCode.APPROVED: _("Approved"),
        StepCode.REFUSED: _("Not approved"),
        StepCode.PAID: _("Money sent"),
        StepCode.WITHDRAWN: _("Withdrawn"),
        StepCode.APPEALED: _("Appeal sent"),
        StepCode.APPEAL_UPHELD: _("The appeal was right"),
        StepCode.APPEAL_DISMISSED: _("The decision stays"),
        StepCode.SENT_TO_BANK: _("Sent to the bank"),
        StepCode.RETURNED: _("The bank sent it back"),
        StepCode.NOT_SENT: _("Not paid by the bank"),
        StepCode.CLAIMANT_DIED: _("Stopped after a death"),
        DECISION: _("Decision"),
        PAYMENT: _("Payment"),
        WITH_THE_OFFICE: _("With the office"),
    }[item.code]


def _note(item: Item, claim: Claim) -> Words:
    if item.code == StepCode.SENT and claim.is_late:
        return _("After the last day to claim: an officer decides whether it counts.")
    if item.state is State.NOW and item.code == StepCode.PAPER_GIVEN:
        return _("Until then the time of the office stands still.")
    if item.state is State.NOW and item.code == DECISION:
        return _("An officer is on it. You need to do nothing.")
    if item.state is State.NOW and item.code == StepCode.TAKEN:
        return _("You need to do nothing.")
    if item.code == StepCode.SENT_TO_BANK and item.facts and "baht" in item.facts:
        return baht(Decimal(str(item.facts["baht"])))
    if item.code == StepCode.RETURNED and item.facts:
        return returned_words(WhyReturned(str(item.facts["why"])))
    if item.state is State.NOW and item.code == PAYMENT and claim.sending is not None:
        return _("The bank pays it out. You need to do nothing.")
    return payment_words(claim.payment) if item.code == PAYMENT else ""


def returned_words(why: WhyReturned) -> str:
    """Why money came back, for the person and the officer alike."""
    return {
        WhyReturned.NO_PROMPTPAY: _("PromptPay is not linked to this citizen number."),
        WhyReturned.NO_SUCH_ACCOUNT: _("The bank knows no account with this number."),
        WhyReturned.ACCOUNT_CLOSED: _("The account is closed."),
        WhyReturned.NAME_DIFFERS: _("The account is in another name."),
        WhyReturned.OTHER: _("The bank could not pay into it."),
    }[why]


def days_words(number: int | None) -> str:
    """How long it usually takes; empty where too few were decided."""
    if number is None:
        return ""
    return ngettext("Half of such claims were decided within %(num)s day.", "Half of such claims were decided within %(num)s days.", number)


# Refusals


@dataclass(frozen=True)
class WhyNot:
    why: str
    next: str


def refusal_words(reason: RefusalReason) -> WhyNot:
    """Why, and what to do next."""
    wrong_record = _("Is the record wrong? Tell us, and appeal in time.")
    said: Mapping[RefusalReason, Callable[[], WhyNot]] = {
        RefusalReason.NOT_ENOUGH_MONTHS: lambda: WhyNot(_("Too few months were paid before that day."), wrong_record),
        RefusalReason.NOT_INSURED_THEN: lambda: WhyNot(_("On that day you were not insured, nor covered any longer."), wrong_record),
        RefusalReason.CONDITION_NOT_MET: lambda: WhyNot(
            _("A condition of this benefit is not met."), _("Ask 1506 which one, and appeal if you see it otherwise.")
        ),
        RefusalReason.TOO_LATE: lambda: WhyNot(
            _("The time to claim was over."), _("Was there a reason that you could not claim earlier? Write it in an appeal.")
        ),
        RefusalReason.PAID_BEFORE: lambda: WhyNot(
            _("This has been paid already."), _("Look at your other claims. Was it not paid to you? Call 1506.")
        ),
        RefusalReason.OTHER_PARENT_CLAIMED: lambda: WhyNot(
            _("The other parent has claimed it for this child."), _("It is paid to one of you. Talk to each other first.")
        ),
        RefusalReason.TOO_MANY_CHILDREN: lambda: WhyNot(
            _("It is paid already for as many children as the law allows."), _("Claim again when one of them has grown out of it.")
        ),
        RefusalReason.CHILD_TOO_OLD: lambda: WhyNot(
            _("The child was too old in all the months claimed."), _("Is the birth date wrong? Send the birth certificate with an appeal.")
        ),
        RefusalReason.PAPER_MISSING: lambda: WhyNot(
            _("A paper that was asked for did not come."), _("Claim again with it while there is time, or appeal.")
        ),
        RefusalReason.PAPER_DOES_NOT_SHOW_IT: lambda: WhyNot(
            _("The papers do not show what is claimed."), _("Get a clearer paper and claim again, or appeal.")
        ),
        RefusalReason.NOT_THE_ONE_WHO_MAY: lambda: WhyNot(
            _("Somebody else may claim this, not you."), _("Ask 1506 who may claim it.")
        ),
        RefusalReason.CAUSED_BY_WORK: lambda: WhyNot(
            _("It came from work. Then another fund pays, the Workmen’s Compensation Fund."),
            _("Ask your employer or 1506 how to claim there."),
        ),
    }  # fmt: skip
    return said[reason]()
