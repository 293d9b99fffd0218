"""What the office laid down about where cases go."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.domain.office_rules import OfficeRule
from bot.models.cases import Case
from bot.models.organisation import RoutingRule


def in_force(session: Session, today: date) -> tuple[OfficeRule, ...]:
    """Those that hold on this day in Beijing."""
    query = select(RoutingRule).where(
        RoutingRule.valid_from <= today,
        RoutingRule.valid_to.is_(None) | (RoutingRule.valid_to >= today),
    )
    return tuple(as_rule(row) for row in session.scalars(query.order_by(RoutingRule.id)))


def as_rule(row: RoutingRule) -> OfficeRule:
    """As routing knows it."""
    return OfficeRule(row.id, row.unit_id, row.category, row.district, row.street)


def rows(session: Session) -> Sequence[RoutingRule]:
    """All that there ever were, the newest first."""
    return session.scalars(select(RoutingRule).order_by(RoutingRule.id.desc())).all()


def by_id(session: Session, rule_id: int) -> RoutingRule | None:
    """One of them, or None."""
    return session.get(RoutingRule, rule_id)


def of_station(session: Session, unit_id: int, today: date) -> Sequence[RoutingRule]:
    """Those for this station that are not over."""
    query = select(RoutingRule).where(
        RoutingRule.unit_id == unit_id,
        RoutingRule.valid_to.is_(None) | (RoutingRule.valid_to >= today),
    )
    return session.scalars(query.order_by(RoutingRule.id)).all()


def add(session: Session, rule: OfficeRule, first: date, last: date | None, now: datetime) -> int:
    """Keep a new one; its id. Needs a write unit."""
    row = RoutingRule(
        category=rule.category, district=rule.district, street=rule.street,
        unit_id=rule.station_id, valid_from=first, valid_to=last, saved_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def cases(
    session: Session, rule: OfficeRule, since: datetime, seen: ColumnElement[bool], limit: int
) -> Sequence[Case]:
    """The newest cases that such a rule may speak of and that are not older, of what somebody may
    see."""
    query = select(Case).where(Case.number >= f"{since:%y%m%d}", Case.text != "", seen)
    for column, value in (
        (Case.category, rule.category),
        (Case.street, rule.street),
        (Case.district, rule.district),
    ):
        if value is not None:
            query = query.where(column == value)
    return session.scalars(query.order_by(Case.number.desc()).limit(limit)).all()
