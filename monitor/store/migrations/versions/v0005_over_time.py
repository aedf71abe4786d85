"""Make the tables of states and incidents, and the columns that they are made from."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables as they were at version 0005; never changed afterwards."""
    op.add_column("runs", sa.Column("sources", sa.Text()))
    op.execute(sa.text("UPDATE runs SET sources = '[]'"))
    op.add_column("pages", sa.Column("source", sa.Text()))
    op.add_column("pages", sa.Column("read", sa.Boolean()))
    op.add_column("pages", sa.Column("whole", sa.Boolean()))
    op.execute(sa.text("UPDATE pages SET source = '', read = true, whole = true"))
    op.add_column("observations", sa.Column("met", sa.Text()))
    op.add_column("observations", sa.Column("took", sa.BigInteger()))
    op.drop_index("ix_observations_resource_id", "observations")
    op.create_index(
        "ix_observations_sightings",
        "observations",
        ["resource_id", "at", "run_id", "reason", "met", "took"],
    )
    _states()
    _incidents()
    _wishes()


def _states() -> None:
    op.create_table(
        "states",
        sa.Column("resource_id", sa.Text(), primary_key=True),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime()),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
    )
    op.create_table(
        "transitions",
        sa.Column("resource_id", sa.Text(), primary_key=True),
        sa.Column("at", sa.DateTime(), primary_key=True),
        sa.Column("turn", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime()),
        sa.Column("incident", sa.Text(), nullable=False),
    )
    op.create_index("ix_incidents_closed_at", "incidents", ["closed_at"])
    op.create_table(
        "incident_versions",
        sa.Column("incident_id", sa.Text(), primary_key=True),
        sa.Column("at", sa.DateTime(), primary_key=True),
        sa.Column("incident", sa.Text(), nullable=False),
    )
    op.create_table(
        "incident_transitions",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
    )
    op.create_index("ix_incident_transitions_incident_id", "incident_transitions", ["incident_id"])
    op.create_index("ix_incident_transitions_at", "incident_transitions", ["at"])
    op.create_table(
        "tellings",
        sa.Column("transition_id", sa.Text(), primary_key=True),
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("claimed_at", sa.DateTime()),
        sa.Column("told_at", sa.DateTime()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text()),
    )


def _wishes() -> None:
    op.create_table(
        "mutes",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("since", sa.DateTime(), primary_key=True),
        sa.Column("mute", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime()),
    )
    op.create_table(
        "tracked",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("tracked", sa.Text(), nullable=False),
    )
    op.create_table("rechecks", sa.Column("resource_id", sa.Text(), primary_key=True))
