"""Sign-in attempts, sessions, and the count of tries at a door."""

from __future__ import annotations

from webapp.adapters.store.sql import Driver, Row
from webapp.ports import Attempt, Session


class SignInQueries(Driver):
    """All times here are machine time, in epoch seconds."""

    def keep_attempt(self, attempt: Attempt) -> None:
        self.run(
            """INSERT INTO sign_in_attempts (state_hash, browser_hash, nonce, verifier, redirect_uri, next, started_at)
               VALUES (:state_hash, :browser_hash, :nonce, :verifier, :redirect_uri, :next, :started_at)""",
            state_hash=attempt.state_hash, browser_hash=attempt.browser_hash, nonce=attempt.nonce, verifier=attempt.verifier,
            redirect_uri=attempt.redirect_uri, next=attempt.next, started_at=attempt.started_at,
        )  # fmt: skip

    def attempt(self, state_hash: str) -> Attempt | None:
        row = self.one("SELECT * FROM sign_in_attempts WHERE state_hash = :state_hash", state_hash=state_hash)
        return Attempt(**dict(row)) if row else None

    def latest_attempt_of(self, browser_hash: str) -> Attempt | None:
        """The one that this browser started last, used or not."""
        row = self.one(
            "SELECT * FROM sign_in_attempts WHERE browser_hash = :browser_hash ORDER BY started_at DESC LIMIT 1", browser_hash=browser_hash
        )
        return Attempt(**dict(row)) if row else None

    def use_attempt(self, state_hash: str, at: float) -> bool:
        """True for exactly one caller, however many ask at once."""
        used = self.run(
            "UPDATE sign_in_attempts SET used_at = :at WHERE state_hash = :state_hash AND used_at IS NULL", at=at, state_hash=state_hash
        )
        return used == 1

    def keep_session(self, session: Session) -> None:
        self.run(
            """INSERT INTO sessions (id_hash, person_id, officer_id, via, ial, started_at, seen_at, authenticated_at, browser)
               VALUES (:id_hash, :person_id, :officer_id, :via, :ial, :started_at, :seen_at, :authenticated_at, :browser)""",
            id_hash=session.id_hash, person_id=session.person_id, officer_id=session.officer_id, via=session.via, ial=session.ial,
            started_at=session.started_at, seen_at=session.seen_at, authenticated_at=session.authenticated_at, browser=session.browser,
        )  # fmt: skip

    def session(self, id_hash: str) -> Session | None:
        row = self.one("SELECT * FROM sessions WHERE id_hash = :id_hash", id_hash=id_hash)
        return _session(row) if row else None

    def touch_session(self, id_hash: str, at: float) -> None:
        self.run("UPDATE sessions SET seen_at = :at WHERE id_hash = :id_hash", at=at, id_hash=id_hash)

    def end_session(self, id_hash: str) -> None:
        self.run("DELETE FROM sessions WHERE id_hash = :id_hash", id_hash=id_hash)

    def forget_stale_sign_ins(self, attempts_before: float, sessions_idle_since: float, sessions_started_before: float) -> int:
        """Drop what can no longer be used; returns how many rows went."""
        with self.transaction():
            gone = self.run("DELETE FROM sign_in_attempts WHERE started_at < :before", before=attempts_before)
            gone += self.run(
                "DELETE FROM sessions WHERE seen_at < :idle OR started_at < :started",
                idle=sessions_idle_since, started=sessions_started_before,
            )  # fmt: skip
            gone += self.run("DELETE FROM tries WHERE since < :before", before=attempts_before)
        return gone

    def count_try(self, door: str, who: str, at: float, window: float, tries: int = 1) -> tuple[int, float]:
        """Count one try, or several at once; returns (tries in this window, when the window began). A window over its length starts
        anew."""
        with self.transaction():
            self.run(
                """INSERT INTO tries (door, who, since, count) VALUES (:door, :who, :at, :tries)
                   ON CONFLICT (door, who) DO UPDATE SET
                       count = CASE WHEN tries.since <= :at - :window THEN :tries ELSE tries.count + :tries END,
                       since = CASE WHEN tries.since <= :at - :window THEN :at ELSE tries.since END""",
                door=door, who=who, at=at, window=window, tries=tries,
            )  # fmt: skip
            row = self.one("SELECT count, since FROM tries WHERE door = :door AND who = :who", door=door, who=who)
        return (int(row["count"]), float(row["since"])) if row else (tries, at)

    def tries_at(self, door: str, who: str) -> tuple[int, float]:
        """How many there were, and when their window began, which may be over by now; (0, 0.0) for none."""
        row = self.one("SELECT count, since FROM tries WHERE door = :door AND who = :who", door=door, who=who)
        return (int(row["count"]), float(row["since"])) if row else (0, 0.0)


def _session(row: Row) -> Session:
    return Session(**dict(row))
