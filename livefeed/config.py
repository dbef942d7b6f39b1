"""One frozen Config; every field has a unit, a default and a LIVEFEED_* variable.

`docs/configuration.md` lists them for operators.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from livefeed.errors import ConfigurationError
from livefeed.identifiers import MAX_SHARDS

PREFIX = "LIVEFEED_"
BURST_S = 10
"""Seconds' worth of frames that a client may send at once; each topic of a subscribe counts as one."""

_SEVERAL = ("redis+sentinel://", "rediss+sentinel://", "redis+cluster://", "rediss+cluster://")
_WEB = ("http://", "https://")
_SITE = re.compile(r"(https?://)?(\*\.)?[A-Za-z0-9.-]+(:(\d{1,5}|\*))?")
"""A source of `frame-ancestors`; `none` is one too, by chance. Source: CSP 3, "host-source"."""
_SCHEMES = {
    "redis_url": ("redis://", "rediss://", "unix://", *_SEVERAL),
    "push_contact": ("mailto:", "https://"),
    **dict.fromkeys(("public_url", "openai_url", "comfyui_url", "automatic1111_url"), _WEB),
}


def _setting(default: Any, says: str, *, low: float | None = None, high: float | None = None) -> Any:
    return field(default=default, metadata={"says": says, "low": low, "high": high})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything an operator may set. Units are in the names; sizes are bytes."""

    host: str = _setting("127.0.0.1", "Address the server listens on.")
    port: int = _setting(8080, "TCP port; 0 takes a free one.", low=0, high=65535)
    data: Path = _setting(Path("data"), "Folder of the embedded store and of the pictures.")
    redis_url: str = _setting("", "Redis or Valkey to use; empty: the embedded one in the data folder.")
    redis_timeout_s: float = _setting(5.0, "How long a command waits for the store.", low=0.1, high=60)
    redis_wait: int = _setting(0, "Replicas that must have a change before it counts as done; 0: none.", low=0, high=16)
    public_url: str = _setting(
        "", "Address that browsers use, such as https://pictures.example; empty: the Host header."
    )
    trusted_proxies: str = _setting(
        "", "Networks of our own proxies, comma-separated, such as 10.0.0.0/8: whose X-Forwarded-For is believed."
    )
    push_services: str = _setting(
        "*",
        "Push services that notifications are sent to: *: any public one; none: no push; or their origins, "
        "separated by spaces, such as https://fcm.googleapis.com.",
    )
    push_key: str = _setting("", "Private key of push notifications; empty: one is made and kept in the data folder.")
    push_contact: str = _setting(
        "", "Whom a push service may write to, mailto: or https:; empty: LIVEFEED_PUBLIC_URL, if it is https."
    )
    embed_sites: str = _setting(
        "*", "Sites that may frame a feed, separated by spaces, such as https://blog.example; *: any; none: none."
    )
    api_keys: str = _setting("", "Who may publish where: key=app:prefix, comma-separated; or key=urgent.")
    shards: int = _setting(
        64, "Logical shards; stored at the first start and fixed from then on.", low=1, high=MAX_SHARDS
    )
    processes: int = _setting(
        1, "Server processes that share the port, each with a core of its own; 0: one per core.", low=0, high=64
    )
    workers: int = _setting(1, "Worker processes that `livefeed serve` starts; 0: none.", low=0, high=64)
    worker_slots: int = _setting(1, "Pictures one worker paints at the same time.", low=1, high=16)

    topic_events: int = _setting(
        20_000, "KEPT events a topic keeps; at least twice shard_events.", low=2, high=10_000_000
    )
    shard_events: int = _setting(10_000, "Entries a shard's stream keeps.", low=1, high=5_000_000)
    topic_idle_s: int = _setting(
        7 * 86_400,
        "How long a topic's events outlive its last one; at least two days.",
        low=2 * 86_400,
        high=366 * 86_400,
    )
    outbox_entries: int = _setting(
        100_000, "Unprojected events per shard before commands get 503.", low=10, high=10_000_000
    )

    heartbeat_s: float = _setting(
        25.0, "Between two WebSocket pings, SSE comments and idle position moves.", low=0.2, high=300
    )
    write_timeout_s: float = _setting(
        20.0, "A connection that takes nothing for so long is closed with 4001.", low=0.2, high=600
    )
    deflate: int = _setting(
        1, "1: WebSocket messages are compressed for clients that offer it; 0: never.", low=0, high=1
    )
    tail_events: int = _setting(512, "Events per topic kept in memory.", low=1, high=100_000)
    tail_bytes: int = _setting(262_144, "Bytes per topic kept in memory.", low=1024, high=67_108_864)
    page_events: int = _setting(256, "Events read from the store in one round trip.", low=1, high=1024)
    session_topics: int = _setting(256, "Topics one connection may follow.", low=1, high=10_000)
    frame_bytes: int = _setting(65_536, "Size of a message from a client.", low=1024, high=16_777_216)
    session_frames_per_s: float = _setting(
        100.0, "Messages a second from one client, ten seconds' worth at once.", low=1, high=100_000
    )
    sessions: int = _setting(20_000, "Connections of one server.", low=1, high=1_000_000)
    admissions_per_s: float = _setting(
        500.0,
        "New connections a second; a second's worth at once, the next four seconds' worth wait, others get 503.",
        low=1,
        high=1_000_000,
    )
    drain_s: float = _setting(5.0, "How long a stopping server spreads its clients' departure.", low=0, high=600)

    upload_bytes: int = _setting(20 * 1024 * 1024, "Size of an uploaded picture.", low=1024, high=1024**3)
    upload_pixels: int = _setting(40_000_000, "Width times height of an uploaded picture.", low=1, high=10**9)
    prompt_characters: int = _setting(1_000, "Length of a prompt.", low=1, high=100_000)
    caption_characters: int = _setting(1_000, "Length of a caption.", low=1, high=100_000)
    comment_characters: int = _setting(2_000, "Length of a comment.", low=1, high=100_000)
    message_characters: int = _setting(2_000, "Length of a message in a room.", low=1, high=100_000)

    guests_per_minute: float = _setting(60.0, "New guests per minute from one address.", low=1, high=1_000_000)
    comments_per_s: float = _setting(20.0, "Comments a second from one user.", low=0.1, high=1_000_000)
    messages_per_s: float = _setting(5.0, "Messages a second from one user, in rooms.", low=0.1, high=1_000_000)
    rooms_per_hour: float = _setting(30.0, "Rooms an hour that one user opens.", low=1, high=1_000_000)
    commands_per_s: float = _setting(50.0, "Other writes a second from one user.", low=0.1, high=1_000_000)
    generations_per_user: int = _setting(5, "Pictures one user may have queued or running.", low=1, high=100_000)
    generations_queued: int = _setting(10_000, "Pictures waiting in all.", low=1, high=10_000_000)
    lease_s: float = _setting(10.0, "How long the death of a worker may delay its picture.", low=0.2, high=3600)
    generation_deadline_s: float = _setting(
        0.0, "A picture that was not started within this is aborted; 0: it may wait as long as it takes.",
        low=0, high=7 * 86_400,
    )  # fmt: skip
    generation_timeout_s: float = _setting(300.0, "A picture that takes longer is aborted.", low=1, high=86_400)

    openai_url: str = _setting(
        "", "OpenAI-compatible server, such as http://127.0.0.1:8000/v1; empty: OpenAI's own, if there is a key."
    )
    openai_key: str = _setting("", "API key for it; empty: none, which OpenAI's own does not accept.")
    openai_model: str = _setting("gpt-image-2.6-flare", "Image model to ask it for.")
    openai_quality: str = _setting("auto", "Quality to ask it for: auto, low, medium, high, or what the model knows.")
    comfyui_url: str = _setting("", "ComfyUI server, such as http://127.0.0.1:8188; empty: ComfyUI is not offered.")
    comfyui_workflow: str = _setting("", "File of an own workflow for new pictures; empty: the one that comes along.")
    comfyui_remix_workflow: str = _setting(
        "",
        "File of an own workflow for remixes; empty: what comes along, none beside an own one for new pictures.",
    )
    comfyui_inpaint_workflow: str = _setting(
        "",
        "File of an own workflow that repaints under a mask; empty: the one that comes along, unless there is an own "
        "one for new pictures or for remixes.",
    )
    comfyui_model: str = _setting("", "Checkpoint for the workflows that come along; empty: the server's first.")
    automatic1111_url: str = _setting(
        "", "AUTOMATIC1111 or Forge server, such as http://127.0.0.1:7860; empty: it is not offered."
    )
    diffusers_model: str = _setting(
        "", "Folder of a diffusers pipeline on this machine, or its id on the Hub; empty: it is not offered."
    )
    diffusers_device: str = _setting("auto", "Where it paints: auto, cpu, cuda, cuda:1, mps.")
    diffusers_precision: str = _setting("auto", "How it keeps numbers: auto, float32, float16, bfloat16.")
    diffusers_previews: str = _setting("auto", "Pictures on the way: auto (not with a safety checker), on, off.")
    diffusers_preview_vae: str = _setting(
        "", "Folder or id of an AutoencoderTiny for finer pictures on the way; empty: coarse ones, with no model."
    )
    diffusers_guidance: float = _setting(
        -1.0, "How closely it keeps to the prompt; -1: what the pipeline does by itself.", low=-1, high=100
    )
    diffusers_size: int = _setting(768, "Width and height unless something else is asked for.", low=256, high=1536)
    diffusers_steps: int = _setting(20, "Steps unless something else is asked for.", low=1, high=100)

    def __post_init__(self) -> None:
        for setting in fields(self):
            low, high = setting.metadata["low"], setting.metadata["high"]
            value = getattr(self, setting.name)
            if low is not None and not low <= value <= high:
                raise ConfigurationError(f"{variable(setting.name)} is {value}; it must be from {low} to {high}.")
        for name, schemes in _SCHEMES.items():
            value = getattr(self, name)
            if value and not value.startswith(schemes):
                # Not its value: it may hold a password.
                raise ConfigurationError(f"{variable(name)} must begin with {' or '.join(schemes)}.")
        sites = self.embed_sites.split()
        if sites != ["*"] and not (sites and all(map(_SITE.fullmatch, sites))):
            raise ConfigurationError(
                f"{variable('embed_sites')} is '{self.embed_sites}'; it must be '*', 'none', or sites such as "
                "https://blog.example, separated by spaces."
            )
        if self.redis_wait and not self.redis_url:
            raise ConfigurationError(
                f"{variable('redis_wait')} is {self.redis_wait}, but the embedded store has no replicas; "
                f"set {variable('redis_url')}."
            )
        if self.session_topics > BURST_S * self.session_frames_per_s:
            raise ConfigurationError(
                f"{variable('session_topics')} is {self.session_topics}; it must be at most {BURST_S} times "
                f"{variable('session_frames_per_s')} ({self.session_frames_per_s:g}), or a client that comes back and "
                "subscribes to all its topics at once would be closed with 4503."
            )
        if self.topic_events < 2 * self.shard_events:
            raise ConfigurationError(
                f"{variable('topic_events')} is {self.topic_events}; it must be at least twice "
                f"{variable('shard_events')} ({self.shard_events}), or a reader could miss events unnoticed."
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, **overrides: Any) -> Config:
        """Return the configuration that LIVEFEED_* variables and then `overrides` (None: not given) ask for.

        Raises: ConfigurationError naming the variable.
        """
        values: dict[str, Any] = {}
        for setting in fields(cls):
            text = environment.get(variable(setting.name))
            if text is not None:
                values[setting.name] = _read(setting.name, type(setting.default), text)
        values.update({name: value for name, value in overrides.items() if value is not None})
        return cls(**values)


def variable(name: str) -> str:
    """Return the environment variable of a field."""
    return PREFIX + name.upper()


def _read(name: str, kind: type[Any], text: str) -> Any:
    if issubclass(kind, Path):
        return Path(text)
    try:
        return kind(text.strip())
    except ValueError as exc:
        wanted = "a whole number" if kind is int else "a number"
        raise ConfigurationError(f"{variable(name)} is '{text}'; it must be {wanted}.") from exc
