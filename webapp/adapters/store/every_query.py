"""All queries of the house in one place: what an engine inherits beside its own search."""

from __future__ import annotations

from webapp.adapters.store.queries.audit import AuditQueries
from webapp.adapters.store.queries.calendar_changes import CalendarChangeQueries
from webapp.adapters.store.queries.calendar_feeds import CalendarFeedQueries
from webapp.adapters.store.queries.claim_batches import ClaimBatchQueries
from webapp.adapters.store.queries.consents import ConsentQueries
from webapp.adapters.store.queries.contacts import ContactQueries
from webapp.adapters.store.queries.corrections import CorrectionQueries
from webapp.adapters.store.queries.counter_codes import CounterCodeQueries
from webapp.adapters.store.queries.devices import DeviceQueries
from webapp.adapters.store.queries.documents import DocumentQueries
from webapp.adapters.store.queries.drafts import DraftQueries
from webapp.adapters.store.queries.government_channel import GovernmentChannelQueries
from webapp.adapters.store.queries.helper_grants import HelperGrantQueries
from webapp.adapters.store.queries.hospital_changes import HospitalChangeQueries
from webapp.adapters.store.queries.hospitals import HospitalQueries
from webapp.adapters.store.queries.keys import KeyQueries
from webapp.adapters.store.queries.notices import NoticeQueries
from webapp.adapters.store.queries.passkeys import PasskeyQueries
from webapp.adapters.store.queries.people import PeopleQueries
from webapp.adapters.store.queries.privacy import PrivacyQueries
from webapp.adapters.store.queries.reminders import ReminderQueries
from webapp.adapters.store.queries.sign_in import SignInQueries
from webapp.adapters.store.queries.sign_in_codes import SignInCodeQueries
from webapp.adapters.store.queries.subscriptions import SubscriptionQueries
from webapp.adapters.store.queries.thaid_says import ThaidSaysQueries
from webapp.adapters.store.queries.waiting import WaitingQueries


class EveryQuery(
    HospitalQueries, PeopleQueries, SignInQueries, DraftQueries, HospitalChangeQueries, CalendarChangeQueries,
    CorrectionQueries, DocumentQueries, SignInCodeQueries, SubscriptionQueries, ReminderQueries, CalendarFeedQueries,
    AuditQueries, ConsentQueries, PrivacyQueries, KeyQueries,
    CounterCodeQueries, PasskeyQueries, DeviceQueries, GovernmentChannelQueries, HelperGrantQueries, ClaimBatchQueries,
    NoticeQueries, ContactQueries, ThaidSaysQueries, WaitingQueries,
):  # fmt: skip
    """The Store port but for what an engine adds (sql.py)."""
