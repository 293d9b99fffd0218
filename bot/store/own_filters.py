"""Filters that people of the console keep."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.models.console import OwnFilter


def of_account(session: Session, account_id: int) -> list[OwnFilter]:
    """In the order in which they were kept."""
    query = select(OwnFilter).where(OwnFilter.account_id == account_id)
    return list(session.scalars(query.order_by(OwnFilter.id)))


def count(session: Session, account_id: int) -> int:
    """How many somebody keeps."""
    query = select(func.count()).where(OwnFilter.account_id == account_id)
    return session.execute(query).scalar_one()


def keep(session: Session, account_id: int, name: str, asked: dict[str, str]) -> None:
    """Under a name of theirs that is free."""
    session.add(OwnFilter(account_id=account_id, name=name, asked=asked))


def drop(session: Session, account_id: int, name: str) -> None:
    """It is kept no more."""
    mine = OwnFilter.account_id == account_id
    session.execute(delete(OwnFilter).where(mine, OwnFilter.name == name))
