"""The database's tables. A guide has entries, an entry has facts; :mod:`knowledge.database` fills them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import declarative_base, relationship

Base: Any = declarative_base()


class GuideRow(Base):
    __tablename__ = "guide"

    id = Column(String(64), primary_key=True)
    title = Column(Text, nullable=False)
    jurisdiction = Column(String(64), nullable=False)
    region = Column(String(128), index=True, nullable=True, doc="path of the place it holds for; null: the nation")
    year = Column(Integer)
    rank = Column(Integer, nullable=False, index=True, doc="sorts from the widest guide to the narrowest")
    entries = relationship("EntryRow", back_populates="guide")


class EntryRow(Base):
    """One item as one guide has it."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("item", "guide_id"),)

    id = Column(Integer, primary_key=True)
    guide_id = Column(ForeignKey("guide.id"), nullable=False)
    item = Column(String(64), nullable=False)
    title = Column(Text, nullable=False)
    number = Column(String(16))
    code = Column(String(12))
    unknown = Column(JSON, nullable=False, doc="field -> why the guide gives nothing, in a citizen's words")
    mended = Column(JSON, nullable=False)
    guide = relationship("GuideRow", back_populates="entries")


class FactRow(Base):
    """One fact under its key (``materials``, ``phones`` …), in the guide's order."""

    __tablename__ = "fact"
    __table_args__ = (UniqueConstraint("entry_id", "key", "position"),)

    id = Column(Integer, primary_key=True)
    entry_id = Column(ForeignKey("entry.id"), nullable=False)
    key = Column(String(32), nullable=False)
    position = Column(Integer, nullable=False)
    fact = Column(JSON, nullable=False, doc="as in the answer contract")


class BuildRow(Base):
    """Which data the tables were built from."""

    __tablename__ = "build"

    fingerprint = Column(String(64), primary_key=True)
    built_at = Column(DateTime, nullable=False)
    version = Column(Integer, nullable=False, doc="number of the version whose guides these are")
    held = Column(Boolean, nullable=False, doc="chosen by hand: newer data files do not replace it by themselves")


class VersionRow(Base):
    """The guide files as they once were built from; kept when the other tables are built anew."""

    __tablename__ = "version"

    number = Column(Integer, primary_key=True)
    fingerprint = Column(String(64), nullable=False, doc="of the data files then")
    made_at = Column(DateTime, nullable=False)
    guides = Column(LargeBinary, nullable=False, doc="file name -> text, JSON compressed by zlib")
