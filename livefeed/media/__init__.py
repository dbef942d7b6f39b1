"""Pictures: checked, cleaned, stored by sha256, served as WebP in three widths.

What comes in is decoded under strict bounds and encoded anew, so nothing of an upload but its pixels is ever
kept: no GPS position, no comment, no second file hidden behind the first.
"""

from livefeed.media.decode import Bounds
from livefeed.media.folder import PictureFolder, PictureStore
from livefeed.media.pictures import Pictures
from livefeed.media.preview import preview_jpeg
from livefeed.media.values import WIDTHS, Media

__all__ = ["WIDTHS", "Bounds", "Media", "PictureFolder", "PictureStore", "Pictures", "preview_jpeg"]
