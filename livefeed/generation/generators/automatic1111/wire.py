"""What is said to an AUTOMATIC1111 server and what its answers mean. [pure]

Source: modules/api/api.py, modules/api/models.py, modules/progress.py and modules/shared_state.py of
AUTOMATIC1111/stable-diffusion-webui, and of lllyasviel/stable-diffusion-webui-forge, which kept them.
"""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

import orjson
from PIL import Image, UnidentifiedImageError

from livefeed.generation.generator import EngineLost
from livefeed.generation.generators.fitting import decode, fit
from livefeed.generation.inpainting import mask_of
from livefeed.generation.job import Job

STRENGTH: Final = 0.6
"""How far a remix goes from its parent when nobody has said."""
FILL_WITH_ORIGINAL: Final = 1
"""Repainting starts from what is there, as far as the strength says; 0 would be the colours around it."""
MASK_BLUR: Final = 4
PREVIEWS: Final = 8
"""Previews worth making of one picture; more are not sent on."""
MAX_WORDS: Final = 300

TXT2IMG: Final = "sdapi/v1/txt2img"
IMG2IMG: Final = "sdapi/v1/img2img"
TASK_PROGRESS: Final = "internal/progress"
SERVER_PROGRESS: Final = "sdapi/v1/progress"
OPTIONS: Final = "sdapi/v1/options"
INTERRUPT: Final = "sdapi/v1/interrupt"


class Failed(RuntimeError):
    """The server could not make this picture, or is not set up for it; the message is for the operator."""


class Phase(Enum):
    """Where our task stands."""

    UNKNOWN = auto()
    QUEUED = auto()
    ACTIVE = auto()
    COMPLETED = auto()


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look at the server shows of our task.

    done: 0 to 1. preview: base64, as a data URL or bare, when there is a new one. preview_id: to be sent with the next
    look. mark: differs from the last look's when the server has done anything meanwhile.
    """

    phase: Phase
    done: float = 0.0
    preview: str | None = None
    preview_id: int | None = None
    mark: Hashable = None


@dataclass(frozen=True, slots=True)
class ServerState:
    """What the server does for whomever.

    stopped: somebody interrupted or skipped the job that ran last. begun: when that was, a text of its own.
    done, preview, mark: as in `Sighting`.
    """

    busy: bool
    stopped: bool
    begun: str
    done: float
    preview: str | None
    mark: Hashable


@dataclass(frozen=True, slots=True)
class Finished:
    """The picture, and when its job began in the server's words."""

    image: Image.Image
    begun: str


def request_of(job: Job, task: str) -> tuple[str, bytes]:
    """Return the route and the JSON that ask for a picture. Takes milliseconds for a remix: call it in a thread.

    task: unlike any other, also for another attempt at the same job: the server remembers which ones are completed.
    Raises: Failed when the parent or the mask cannot be read.
    """
    body: dict[str, Any] = {
        "prompt": job.prompt,
        "seed": job.seed,  # never left out: -1, the default, is chance
        "steps": job.steps,
        "width": job.width,
        "height": job.height,
        "batch_size": 1,
        "n_iter": 1,
        "send_images": True,
        "save_images": False,
        "force_task_id": task,
        # The server's own default is every tenth step: two previews in a picture of twenty. For this task only.
        "override_settings": {"show_progress_every_n_steps": max(1, job.steps // PREVIEWS)},
        "override_settings_restore_afterwards": True,
    }
    if job.parent_image is None:
        return TXT2IMG, orjson.dumps(body)
    body["init_images"] = [_parent(job.parent_image, job.width, job.height)]
    body["denoising_strength"] = STRENGTH if job.strength is None else job.strength
    if job.mask is not None:
        body |= {
            "mask": _mask(job.mask, job.width, job.height),
            "inpainting_mask_invert": 0,  # white is repainted
            "inpainting_fill": FILL_WITH_ORIGINAL,
            "inpaint_full_res": False,  # or it would paint the masked part alone, without what is around it
            "mask_blur": MASK_BLUR,
        }
    return IMG2IMG, orjson.dumps(body)


def _parent(file: bytes, width: int, height: int) -> str:
    """As a PNG in the size asked for: what a server's Pillow reads, and how it scales, differ between versions."""
    try:
        image, packed = decode(file, width, height), io.BytesIO()
    except ValueError as exc:
        raise Failed(f"The parent's picture cannot be sent to the server: {exc}") from exc
    image.save(packed, "PNG", compress_level=1)
    return base64.b64encode(packed.getvalue()).decode("ascii")


def _mask(file: bytes, width: int, height: int) -> str:
    try:
        mask, packed = mask_of(file, width, height), io.BytesIO()
    except ValueError as exc:
        raise Failed(f"The mask cannot be sent to the server: {exc}") from exc
    mask.save(packed, "PNG")
    return base64.b64encode(packed.getvalue()).decode("ascii")


def read_task(document: Any) -> Sighting:
    """Read an answer of /internal/progress. Raises: Failed."""
    if not isinstance(document, Mapping):
        raise Failed(f"The server's progress is not an object: {_shortened(str(document))}")
    preview, number = document.get("live_preview"), document.get("id_live_preview")
    if document.get("active"):
        done = _fraction(document.get("progress"))
        preview_id = number if isinstance(number, int) else None
        mark = (Phase.ACTIVE, done, preview_id, document.get("textinfo"))
        return Sighting(Phase.ACTIVE, done, preview if isinstance(preview, str) else None, preview_id, mark)
    for phase, key in ((Phase.COMPLETED, "completed"), (Phase.QUEUED, "queued")):
        if document.get(key):
            return Sighting(phase, mark=phase)
    return Sighting(Phase.UNKNOWN, mark=Phase.UNKNOWN)


def read_server(document: Any) -> ServerState:
    """Read an answer of /sdapi/v1/progress. Raises: Failed.

    Its `progress` starts at 0.01 and may be negative while the number of jobs is not known (-1), so the steps are read.
    """
    state = document.get("state") if isinstance(document, Mapping) else None
    if not isinstance(state, Mapping):
        raise Failed(f"The server's progress has no state: {_shortened(str(document))}")
    jobs, job, step, steps = (
        value if isinstance(value := state.get(key), int) else 0
        for key in ("job_count", "job_no", "sampling_step", "sampling_steps")
    )
    done = (job + (step / steps if steps > 0 else 0.0)) / jobs if jobs > 0 else 0.0
    image, begun = document.get("current_image"), str(state.get("job_timestamp", ""))
    return ServerState(
        busy=jobs != 0,
        stopped=bool(state.get("interrupted") or state.get("skipped")),
        begun=begun,
        done=_fraction(done),
        preview=image if isinstance(image, str) else None,
        mark=(begun, jobs, job, step, document.get("textinfo")),
    )


def _fraction(value: Any) -> float:
    return min(1.0, max(0.0, value)) if isinstance(value, int | float) else 0.0


def read_picture(answer: bytes, width: int, height: int) -> Finished:
    """Read the answer to a request for a picture. Takes milliseconds: call it in a thread. Raises: Failed."""
    try:
        document = orjson.loads(answer)
        image = decode(unpack(document["images"][0]), width, height)
    except (ValueError, KeyError, IndexError, TypeError) as exc:
        raise Failed(f"The server's answer holds no picture that can be read: {_shortened(repr(exc))}") from exc
    try:
        info = orjson.loads(document["info"])
        begun = str(info["job_timestamp"])
    except (ValueError, KeyError, TypeError):
        begun = ""
    return Finished(image, begun)


def read_preview(text: str) -> Image.Image | None:
    """Return a preview as an RGB image of the size the server gives it, or None if it cannot be read."""
    try:
        with Image.open(io.BytesIO(unpack(text))) as image:
            image.load()
            return fit(image, image.width, image.height)
    except (ValueError, UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError):
        return None


def unpack(text: str) -> bytes:
    """Return the bytes of a base64 text, with `data:image/png;base64,` before it or without. Raises: ValueError."""
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        return base64.b64decode(text)
    except binascii.Error as exc:
        raise ValueError(f"not base64: {exc}") from exc


def failure(status: int, body: bytes, url: str) -> Exception:
    """Return what an HTTP status other than 200 means.

    An exception while painting (memory, a broken model) is a 500 that holds the server's own error document: it said
    that it could not, and would say so again. Any other 5xx, and 429, come from a server, or a proxy, in trouble.
    """
    words, own = _words(body)
    if status in (401, 403):
        return Failed(
            f"The server at {url} wants a user and a password (--api-auth); set "
            "LIVEFEED_AUTOMATIC1111_URL to http://user:password@host:port."
        )
    if status == 404 and words in ("", "Not Found"):
        return Failed(f"The server at {url} has no such API; start it with --api.")
    if 300 <= status < 400:
        return Failed(f"The server at {url} sends us elsewhere (HTTP {status}); set its final address.")
    if status in (408, 429) or (status >= 500 and not (status == 500 and own)):
        return EngineLost(f"The server at {url} is in trouble: HTTP {status} {words}".rstrip())
    return Failed(f"The server at {url} could not make the picture: HTTP {status} {words}".rstrip())


def _words(body: bytes) -> tuple[str, bool]:
    """Return what a body says of an error, and whether it is the server's own error document."""
    try:
        document = orjson.loads(body)
    except ValueError:
        return _shortened(body.decode(errors="replace")), False
    if not isinstance(document, Mapping):
        return _shortened(str(document)), False
    said = [str(part) for key in ("error", "errors", "detail") if (part := document.get(key))]
    return _shortened(": ".join(dict.fromkeys(said))), "error" in document


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 1] + "…"
