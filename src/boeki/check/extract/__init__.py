"""Reads claims out of text: tokens, then typed mentions, then the phrases that they form, then
claims.
"""

from boeki.check.extract.reader import extract

__all__ = ["extract"]
