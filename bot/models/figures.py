"""Figures of days that are over, so that a year costs no more than its days."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class DayFigure(Base):
    """How often something happened on one Beijing day. Made from events by
    bot.services.statistics; to be made again at any time."""

    __tablename__ = "day_figures"

    day: Mapped[date] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(String(12), primary_key=True)
    """bot.domain.figures.Dimension"""
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    """What of the dimension, such as a category's code; empty where it is not known."""
    figure: Mapped[str] = mapped_column(String(20), primary_key=True)
    """bot.domain.figures.Figure"""
    number: Mapped[int]
