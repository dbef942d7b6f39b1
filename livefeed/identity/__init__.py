"""Who is who: guests, handles, sessions, API keys, rate limits, and which pages may act on a cookie."""

from livefeed.identity.keys import ApiKeys
from livefeed.identity.limits import Rate, RateLimits
from livefeed.identity.service import GUESTS, Guest, Identity
from livefeed.identity.store import Users

__all__ = ["GUESTS", "ApiKeys", "Guest", "Identity", "Rate", "RateLimits", "Users"]
