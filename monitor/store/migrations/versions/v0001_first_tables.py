"""Make the first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables as they were at version 0001; never changed afterwards."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime()),
        sa.Column("invalid_reason", sa.Text()),
        sa.Column("trusted_until", sa.DateTime()),
        sa.Column("stopped", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_runs_started_at", "runs", ["started_at"])
    op.create_table(
        "pages",
        _run(),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
    )
    op.create_table(
        "links",
        *_on_page(),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        *_occurrence(),
    )
    op.create_table(
        "skipped", *_on_page(), sa.Column("why", sa.Text(), nullable=False), *_occurrence()
    )
    op.create_table(
        "resources",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
    )
    op.create_table(
        "observations",
        _run(),
        sa.Column("resource_id", sa.Text(), sa.ForeignKey("resources.id"), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
    )
    op.create_index("ix_observations_resource_id", "observations", ["resource_id"])
    op.create_table(
        "answers",
        sa.Column("run_id", sa.Text(), primary_key=True),
        sa.Column("resource_id", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("probe", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("exchanges", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "resource_id"],
            ["observations.run_id", "observations.resource_id"],
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "exchanges",
        sa.Column("id", sa.Text(), primary_key=True),
        _run(),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("elapsed", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("hops", sa.Text(), nullable=False),
    )
    op.create_index("ix_exchanges_run_id", "exchanges", ["run_id"])


def _run() -> sa.Column[Any]:
    run = sa.ForeignKey("runs.id", ondelete="CASCADE")
    return sa.Column("run_id", sa.Text(), run, primary_key=True)


def _on_page() -> list[Any]:
    return [
        sa.Column("run_id", sa.Text(), primary_key=True),
        sa.Column("page", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.ForeignKeyConstraint(
            ["run_id", "page"], ["pages.run_id", "pages.position"], ondelete="CASCADE"
        ),
    ]


def _occurrence() -> list[sa.Column[Any]]:
    return [
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("col", sa.Integer(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("used_line", sa.Integer()),
        sa.Column("used_col", sa.Integer()),
    ]
