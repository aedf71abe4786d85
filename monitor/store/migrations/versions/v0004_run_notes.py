"""Make the column of what a run has to say of itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column as it was at version 0004; never changed afterwards."""
    op.add_column("runs", sa.Column("notes", sa.Text()))
    op.execute(sa.text("UPDATE runs SET notes = '[]'"))
