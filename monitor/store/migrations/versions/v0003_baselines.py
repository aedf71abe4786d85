"""Make the table of the facts that were accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table as it was at version 0003; never changed afterwards."""
    resource = sa.ForeignKey("resources.id", ondelete="CASCADE")
    op.create_table(
        "baselines",
        sa.Column("resource_id", sa.Text(), resource, primary_key=True),
        sa.Column("run_id", sa.Text(), primary_key=True),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
    )
