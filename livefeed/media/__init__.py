"""Pictures: checked, cleaned, stored by sha256, served as WebP in three widths.

What comes in is decoded under strict bounds and encoded anew. Of an upload its pixels are kept, and what it says of
itself in EXIF and XMP, without the place it was taken at: no position, no comment, no thumbnail, no second file hidden
behind the first. Of a picture made here every file says what made it.
"""

from livefeed.media.decode import Bounds
from livefeed.media.drafts import Drafts
from livefeed.media.folder import PictureFolder, PictureStore
from livefeed.media.pictures import Pictures
from livefeed.media.preview import preview_jpeg
from livefeed.media.values import WIDTHS, Media

__all__ = ["WIDTHS", "Bounds", "Drafts", "Media", "PictureFolder", "PictureStore", "Pictures", "preview_jpeg"]
