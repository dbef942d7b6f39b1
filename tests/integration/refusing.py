"""What `livefeed doctor` and a starting server say of a store, side by side."""

from __future__ import annotations

import pytest

from livefeed.cli import checks
from livefeed.composition import furnish, open_store
from livefeed.config import Config
from livefeed.errors import LivefeedError

SECRET = "sesame"


async def said_by_both(config: Config) -> str:
    """Return why a store cannot be used, once doctor and server have said the same of it in one finding."""
    findings = await checks.store(config)
    [wrong] = findings
    assert wrong.state is checks.State.WRONG, findings
    with pytest.raises(LivefeedError) as refused:
        async with open_store(config) as (store, _), furnish(config, store):
            print(f"the server starts, but the doctor says: {wrong.says}")
    assert refused.value.message == wrong.says
    assert SECRET not in wrong.says + wrong.do
    assert wrong.says[0].isupper()
    return wrong.says
