"""The migrations make what the models say, from nothing and again."""

from bot.records.upgrade import check, upgrade


def test_models_and_migrations_agree(database_url: str) -> None:
    """Alembic finds nothing to add; applying it once more changes nothing."""
    check(database_url)
    upgrade(database_url)
    check(database_url)
