"""Half-filled forms, one of a kind for each owner: a person, or before sign-in a browser. Sealed: they name hospitals and reasons."""

from __future__ import annotations

from typing import Any

from webapp.adapters.store.sql import Driver


class DraftQueries(Driver):
    """`owner` is "person:<id>" or "browser:<hash>"; times are epoch seconds."""

    def draft(self, owner: str, kind: str) -> dict[str, Any] | None:
        row = self.one("SELECT sealed FROM drafts WHERE owner = :owner AND kind = :kind", owner=owner, kind=kind)
        return self.vault.open(row["sealed"], f"drafts:{owner}:{kind}") if row else None

    def keep_draft(self, owner: str, kind: str, answers: dict[str, Any], at: float) -> None:
        self.run(
            """INSERT INTO drafts (owner, kind, sealed, updated_at) VALUES (:owner, :kind, :sealed, :at)
               ON CONFLICT (owner, kind) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at""",
            owner=owner, kind=kind, sealed=self.vault.seal(answers, f"drafts:{owner}:{kind}"), at=at,
        )  # fmt: skip

    def drop_draft(self, owner: str, kind: str) -> None:
        self.run("DELETE FROM drafts WHERE owner = :owner AND kind = :kind", owner=owner, kind=kind)

    def drafts_of(self, owner: str) -> dict[str, dict[str, Any]]:
        """Every draft of this owner, by kind."""
        rows = self.all("SELECT kind, sealed FROM drafts WHERE owner = :owner ORDER BY kind", owner=owner)
        return {str(row["kind"]): self.vault.open(row["sealed"], f"drafts:{owner}:{row['kind']}") for row in rows}

    def forget_old_drafts(self, before: float, kind: str | None = None) -> int:
        """Of one kind, or of all."""
        return self.run(
            "DELETE FROM drafts WHERE updated_at < :before AND (CAST(:kind AS TEXT) IS NULL OR kind = :kind)", before=before, kind=kind
        )
