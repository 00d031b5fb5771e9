"""How somebody is paid: by PromptPay to their own citizen number, into a bank account, or at the counter.

Decided: an account is checked for its form only (a bank of the list, as many digits as that bank's accounts have); whose it is, the bank
says when the money is sent. What travels with a claim is the bank and the last digits; the whole number stands in a place of its own,
sealed, and goes when the claim is over (domain/retention.py). Where several lengths are in use, or we are not sure, more are taken: a form
that refuses a right number does more harm than one that takes a wrong one.
The banks and their digits are general knowledge, to be confirmed by whoever runs this; which of them the SSO pays to as well.
Put aside: PromptPay by phone number (a number changes hands, a citizen number does not), and any check digit: banks publish none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.dates import thai_digits_to_arabic

SHOWN_DIGITS = 4
BETWEEN_DIGITS = str.maketrans("", "", " -\u00a0\u2010\u2011\u2013")


class Way(StrEnum):
    PROMPTPAY = "promptpay"
    BANK = "bank"
    COUNTER = "counter"


@dataclass(frozen=True)
class Bank:
    """`code` is the three digits of the Bank of Thailand; `digits` the lengths that an account may have."""

    code: str
    name_th: str
    name_en: str
    digits: frozenset[int]


def _bank(code: str, name_th: str, name_en: str, *digits: int) -> Bank:
    return Bank(code, name_th, name_en, frozenset(digits))


BANKS: Mapping[str, Bank] = {
    bank.code: bank
    for bank in (
        _bank("002", "ธนาคารกรุงเทพ", "Bangkok Bank", 10),
        _bank("004", "ธนาคารกสิกรไทย", "Kasikornbank", 10),
        _bank("006", "ธนาคารกรุงไทย", "Krungthai Bank", 10),
        _bank("011", "ธนาคารทหารไทยธนชาต", "TMBThanachart Bank (ttb)", 10),
        _bank("014", "ธนาคารไทยพาณิชย์", "Siam Commercial Bank", 10),
        _bank("022", "ธนาคารซีไอเอ็มบี ไทย", "CIMB Thai Bank", 10, 14),
        _bank("024", "ธนาคารยูโอบี", "United Overseas Bank (Thai)", 10),
        _bank("025", "ธนาคารกรุงศรีอยุธยา", "Bank of Ayudhya (Krungsri)", 10),
        _bank("030", "ธนาคารออมสิน", "Government Savings Bank", 12, 15),
        _bank("033", "ธนาคารอาคารสงเคราะห์", "Government Housing Bank", 12, 15),
        _bank("034", "ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร", "Bank for Agriculture and Agricultural Cooperatives", 12),
        _bank("066", "ธนาคารอิสลามแห่งประเทศไทย", "Islamic Bank of Thailand", 10, 12),
        _bank("067", "ธนาคารทิสโก้", "TISCO Bank", 10, 14),
        _bank("069", "ธนาคารเกียรตินาคินภัทร", "Kiatnakin Phatra Bank", 10, 14),
        _bank("070", "ธนาคารไอซีบีซี (ไทย)", "ICBC (Thai)", 10, 12, 14),
        _bank("071", "ธนาคารไทยเครดิต", "Thai Credit Bank", 10, 13),
        _bank("073", "ธนาคารแลนด์ แอนด์ เฮ้าส์", "Land and Houses Bank", 10),
    )
}


@dataclass(frozen=True)
class Payment:
    """`last_digits` of the account; the whole number is kept elsewhere. `mark` changes whenever the number does and tells nothing of it."""

    way: Way
    bank: str = ""
    last_digits: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Account:
    """A bank account, understood."""

    bank: str
    digits: str

    @property
    def last_digits(self) -> str:
        return self.digits[-SHOWN_DIGITS:]


@dataclass(frozen=True)
class AccountNotUnderstood:
    """Fault codes by field: `bank` (missing, not_a_bank) and `account` (missing, not_digits, wrong_length)."""

    faults: Mapping[str, str]


def read_account(bank: str, typed: str) -> Account | AccountNotUnderstood:
    """As people type it: Thai digits, hyphens and spaces are taken."""
    known, digits = BANKS.get(bank), thai_digits_to_arabic(typed).translate(BETWEEN_DIGITS)
    faults: dict[str, str] = {}
    if known is None:
        faults["bank"] = "not_a_bank" if bank else "missing"
    if not digits:
        faults["account"] = "missing"
    elif not (digits.isascii() and digits.isdigit()):
        faults["account"] = "not_digits"
    elif known is not None and len(digits) not in known.digits:
        faults["account"] = "wrong_length"
    return AccountNotUnderstood(faults) if faults else Account(bank, digits)
