"""What the worker does every minute: approved changes take effect on their day, and what has run out is forgotten.

Decided: one transaction a case, in which the case is read again; so two workers never move anybody twice, and one case that cannot be
read or moved stops no other. A case is asked for by its reference alone for the same reason.
An approved hospital may have left the scheme before its day (an import after the approval). Then nobody is moved: the case goes back to
the officers, undecided on its day and so first in their queue, and the person reads that the old hospital stays. Put aside: leaving
it approved (its page would promise a day that has passed, and no officer could decide it), and taking the next choice without asking.
"""

from __future__ import annotations

import logging
from functools import partial

from webapp.actions import claim_counter, claims, contact, documents, helpers, name_change
from webapp.actions.audit import forget_words
from webapp.actions.corrections import forget_settled
from webapp.actions.counter_codes import forget_left_behind
from webapp.actions.hospital_change import DRAFT_DAYS
from webapp.actions.reminders import follow_case
from webapp.actions.sessions import RETURNED_FORM, RETURNED_FORM_SECONDS, forget_stale
from webapp.domain import hospital_change as rule
from webapp.domain.hospital_change import HospitalChange, Status
from webapp.ports import StoreUnavailable, Tools

DAY_SECONDS = 24 * 3600
log = logging.getLogger("sitthi")


def take_effect_due(tools: Tools) -> int:
    """Move everybody whose approved day has come; returns how many. Raises StoreUnavailable with the rest left for the next round."""
    done = 0
    for reference in tools.store.approved_changes_due(tools.clock.today()):
        try:
            done += tools.store.again(partial(_take_effect, tools, reference))
        except StoreUnavailable:
            raise
        except Exception as fault:
            log.error("a hospital change could not take effect: %s", type(fault).__name__)
    return done


def _take_effect(tools: Tools, reference: str) -> bool:
    """Whether the person moved now: not where another worker was first, nor where the hospital has left."""
    store, now = tools.store, tools.clock.now()
    with store.transaction():
        before: HospitalChange | None = store.hospital_change(reference)
        if before is None or before.status is not Status.APPROVED:
            return False
        hospital = store.hospital(before.hospital_to)
        if hospital is None or not hospital.is_in_scheme(now.date()):
            after, steps = rule.reopen(before, now)
            store.update_hospital_change(before, after, steps)
            follow_case(tools, after, steps)
            log.warning("an approved hospital has left the scheme before its day: back to the officers")
            return False
        after, steps = rule.take_effect(before, now)
        store.update_hospital_change(before, after, steps)
        store.move_to_hospital(after.person_id, after.hospital_to)
        follow_case(tools, after, steps)
    return True


def tidy(tools: Tools) -> int:
    """Forget sign-ins, sessions and counts that have run out, forms that nobody came back for within their hour, what was left behind at a
    counter, claim forms of officers that were not entered within a day, drafts older than DRAFT_DAYS with their papers, corrections settled
    long ago, grants of helpers that ended long ago, old words of officers on why they opened a record, and accounts of claims long over;
    returns how many went."""
    now = tools.clock.machine_time()
    gone: int = tools.store.forget_old_drafts(now - DRAFT_DAYS * DAY_SECONDS)
    gone += tools.store.forget_old_drafts(now - RETURNED_FORM_SECONDS, RETURNED_FORM)
    gone += tools.store.forget_old_drafts(now - claim_counter.KIND_SECONDS, claim_counter.KIND)
    gone += contact.forget_old(tools) + name_change.forget_old(tools)
    gone += forget_left_behind(tools) + helpers.forget(tools) + documents.forget_left_behind(tools)
    return forget_stale(tools) + forget_settled(tools) + forget_words(tools) + claims.forget_accounts(tools) + gone
