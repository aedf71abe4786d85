"""How the tables of history came to be, step by step, by Alembic."""
