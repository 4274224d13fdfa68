"""Counters and histograms of the whole cluster, which its processes add to; see core.tallies."""

from __future__ import annotations

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class Tally(Base):
    """One number that only grows: a counter, or one part of a histogram. `labels` is a JSON object as text."""

    __tablename__ = "tallies"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    labels: Mapped[str] = mapped_column(Text, primary_key=True)
    part: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[float]
