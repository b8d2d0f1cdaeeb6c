"""Captions: what was said and how it was translated, with times, as files."""

from core.captions.caption import Caption, CaptionLog
from core.captions.formats import FORMATS, SIDES, export

__all__ = ["FORMATS", "SIDES", "Caption", "CaptionLog", "export"]
