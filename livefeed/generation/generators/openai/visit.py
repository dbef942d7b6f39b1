"""Calling on a server that speaks OpenAI's API: its list of models, which costs nothing."""

from __future__ import annotations

import openai

from livefeed.config import Config, variable
from livefeed.generation.generators.visiting import Unwell, shown

from .generator import OWN_URL


async def visit(settings: Config) -> str:
    """Return what the server says of its models. Raises: Unwell."""
    url = settings.openai_url or OWN_URL
    where, model = shown(url), settings.openai_model
    try:
        async with openai.AsyncOpenAI(api_key=settings.openai_key or "none", base_url=url, max_retries=0) as client:
            known = [one.id async for one in client.models.list()]
    except (openai.AuthenticationError, openai.PermissionDeniedError) as exc:
        raise Unwell(f"{where} does not let us in ({exc.status_code})", f"Set {variable('openai_key')}.") from exc
    except openai.NotFoundError:
        return f"{where} answers, but has no list of models; if pictures fail with 404, look whether /v1 is missing"
    except openai.APIStatusError as exc:
        raise Unwell(f"{where} answers {exc.status_code}: it cannot serve now", "Try again in a while.") from exc
    except openai.APIConnectionError as exc:
        why = str(exc.__cause__ or exc) or type(exc).__name__
        do = f"Look at the network and {variable('openai_url')}."
        raise Unwell(f"{where} cannot be reached ({why})", do) from exc
    except (openai.OpenAIError, AttributeError, TypeError, ValueError) as exc:
        raise Unwell(f"{where} answers, but not as such a server does", f"Correct {variable('openai_url')}.") from exc
    if model in known:
        return f"{where} answers, and has the model {model}"
    if settings.openai_url:
        return f"{where} answers; it does not list the model {model}, which not every server does"
    raise Unwell(f"{where} answers, but has no model {model} for this key", f"Set {variable('openai_model')}.")
