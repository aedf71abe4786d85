"""Make the table of days, and let every database sort texts alike."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table as it was at version 0007; never changed afterwards."""
    op.create_table(
        "days",
        sa.Column("resource_id", sa.Text(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("ok", sa.Integer(), nullable=False),
        sa.Column("warning", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("took", sa.BigInteger()),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _sort_by_code_points()


def _sort_by_code_points() -> None:
    """Sort texts as SQLite does, whatever language the server speaks."""
    connection = op.get_bind()
    inspector = sa.inspect(connection)
    quote = connection.dialect.identifier_preparer.quote
    for table in inspector.get_table_names():
        changes = [
            f'ALTER COLUMN {quote(each["name"])} TYPE text COLLATE "C"'
            for each in inspector.get_columns(table)
            if isinstance(each["type"], sa.Text)
        ]
        if changes:
            op.execute(sa.text(f"ALTER TABLE {quote(table)} {', '.join(changes)}"))
