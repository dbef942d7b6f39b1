"""The nodes of the fake ComfyUI server: what they want, and the made-up pictures that they make."""

from __future__ import annotations

import copy
import io
import json
import re
import uuid
from collections.abc import Callable
from typing import Any, Final

from PIL import Image

JSON = dict[str, Any]

CHECKPOINTS: Final = ["dreamer_v1.safetensors", "painter_xl.safetensors"]
NODES: Final[dict[str, tuple[dict[str, Any], tuple[str, ...]]]] = {
    "CheckpointLoaderSimple": ({"ckpt_name": CHECKPOINTS}, ("MODEL", "CLIP", "VAE")),
    "CLIPTextEncode": ({"text": str, "clip": "CLIP"}, ("CONDITIONING",)),
    "EmptyLatentImage": ({"width": int, "height": int, "batch_size": int}, ("LATENT",)),
    "LoadImage": ({"image": "file"}, ("IMAGE", "MASK")),
    "LoadImageMask": ({"image": "file", "channel": ["alpha", "red", "green", "blue"]}, ("MASK",)),
    "SetLatentNoiseMask": ({"samples": "LATENT", "mask": "MASK"}, ("LATENT",)),
    "VAEEncode": ({"pixels": "IMAGE", "vae": "VAE"}, ("LATENT",)),
    "VAEDecode": ({"samples": "LATENT", "vae": "VAE"}, ("IMAGE",)),
    "KSampler": (
        {
            **{"model": "MODEL", "positive": "CONDITIONING", "negative": "CONDITIONING", "latent_image": "LATENT"},
            **{"seed": int, "steps": int, "cfg": float, "denoise": float},
            **{"sampler_name": ["euler", "dpmpp_2m"], "scheduler": ["normal", "karras"]},
        },
        ("LATENT",),
    ),
    "SaveImage": ({"images": "IMAGE", "filename_prefix": str}, ()),
    "PreviewImage": ({"images": "IMAGE"}, ()),
}
"""Required inputs (a type, a list to choose from, or the kind of link) and outputs, as nodes.py has them."""
OUTPUT_NODES: Final = ("SaveImage", "PreviewImage")


class Workshop:
    """The files of a server, and what it has worked out before: an identical node is not carried out again."""

    def __init__(self) -> None:
        self.checkpoints = list(CHECKPOINTS)
        self.uploads: dict[tuple[str, str], bytes] = {}
        """Pictures that were sent, by folder and path."""
        self.files: dict[tuple[str, str], bytes] = {}
        """Pictures that were made, by folder and path."""
        self._cache: dict[str, Any] = {}

    def forget(self) -> None:
        """Lose what was worked out, and the temporary files, as at a new start."""
        self._cache.clear()
        for files in (self.uploads, self.files):
            for at in [at for at in files if at[0] == "temp"]:
                del files[at]

    def knows(self, graph: JSON, node: str) -> bool:
        """Return whether a node is in the cache."""
        return self.signature(graph, node) in self._cache

    def validate(self, graph: JSON) -> tuple[JSON | None, JSON]:
        """Return what is wrong, with the whole and by node: execution.validate_prompt."""
        for node, body in graph.items():
            if body["class_type"] not in NODES:
                message = f"Node '{body['class_type']}' not found. The custom node may not be installed."
                return {"type": "missing_node_type", "message": message, "details": f"Node ID '#{node}'"}, {}
        if not any(body["class_type"] in OUTPUT_NODES for body in graph.values()):
            return {"type": "prompt_no_outputs", "message": "Prompt has no outputs", "details": ""}, {}
        wrong = {
            node: {"errors": errors, "dependent_outputs": [], "class_type": body["class_type"]}
            for node, body in graph.items()
            if (errors := self._wrong_inputs(graph, body))
        }
        if not wrong:
            return None, {}
        return {
            "type": "prompt_outputs_failed_validation",
            "message": "Prompt outputs failed validation",
            "details": "",
        }, wrong

    def _wrong_inputs(self, graph: JSON, body: JSON) -> list[JSON]:
        errors = []
        for name, wanted in NODES[body["class_type"]][0].items():
            value = body["inputs"].get(name)
            if value is None:
                errors.append(
                    {"type": "required_input_missing", "message": "Required input is missing", "details": name}
                )
            elif isinstance(value, list):
                source, output = value
                got = NODES[graph[source]["class_type"]][1][output]
                if got != wanted:
                    details = f"{name}, received_type({got}) mismatch input_type({wanted})"
                    errors.append(
                        {
                            "type": "return_type_mismatch",
                            "message": "Return type mismatch between linked nodes",
                            "details": details,
                        }
                    )
            elif wanted == "file":
                if self._upload_of(value) is None:
                    details = f"{name} - Invalid image file: {value}"
                    errors.append(
                        {
                            "type": "custom_validation_failed",
                            "message": "Custom validation failed for node",
                            "details": details,
                        }
                    )
            elif isinstance(wanted, list):
                known = self.checkpoints if wanted is CHECKPOINTS else wanted
                if value not in known:
                    errors.append(
                        {
                            "type": "value_not_in_list",
                            "message": "Value not in list",
                            "details": f"{name}: '{value}' not in {known}",
                        }
                    )
            elif not isinstance(value, (int, float) if wanted is float else wanted):
                errors.append(
                    {
                        "type": "invalid_input_type",
                        "message": "Failed to convert an input value",
                        "details": f"{name}, {value}",
                    }
                )
        return errors

    def _upload_of(self, name: str) -> bytes | None:
        """Return an uploaded picture by its annotated name: folder_paths.annotated_filepath."""
        marked = re.fullmatch(r"(.*) \[(input|temp|output)\]", name)
        return self.uploads.get((marked[2], marked[1]) if marked else ("input", name))

    def signature(self, graph: JSON, node: str) -> str:
        """Return what the cache knows a node by: what it is, and what all before it are."""
        body = graph[node]
        inputs = {
            name: [self.signature(graph, value[0]), value[1]] if isinstance(value, list) else value
            for name, value in body["inputs"].items()
        }
        return json.dumps([body["class_type"], inputs], sort_keys=True)

    def evaluate(self, graph: JSON, node: str) -> Any:
        key = self.signature(graph, node)
        if key not in self._cache:
            self._cache[key] = self._carry_out(graph, node)
        return copy.copy(self._cache[key])

    def _carry_out(self, graph: JSON, node: str) -> Any:
        kind, inputs = graph[node]["class_type"], graph[node]["inputs"]
        of: Callable[[str], Any] = lambda name: self.evaluate(graph, inputs[name][0])  # noqa: E731
        match kind:
            case "CLIPTextEncode":
                return inputs["text"]
            case "EmptyLatentImage":
                # A latent has an eighth of the size: what is no multiple of it comes out smaller.
                return Image.new("RGB", (inputs["width"] // 8 * 8, inputs["height"] // 8 * 8))
            case "LoadImage":
                return Image.open(io.BytesIO(self._upload_of(inputs["image"]) or b"")).convert("RGB")
            case "LoadImageMask":
                image = Image.open(io.BytesIO(self._upload_of(inputs["image"]) or b"")).convert("RGBA")
                return image.getchannel(inputs["channel"][0].upper())
            case "SetLatentNoiseMask":
                latent = of("samples").copy()
                latent.info["noise_mask"] = of("mask").resize(latent.size)
                return latent
            case "VAEEncode":
                return of("pixels")
            case "KSampler":
                return self.drawn(graph, node)
            case "VAEDecode":
                return of("samples")
            case "SaveImage" | "PreviewImage":
                folder = "output" if kind == "SaveImage" else "temp"
                name = f"{inputs.get('filename_prefix', 'ComfyUI_temp_abcde')}_{len(self.files):05}_.png"
                file = io.BytesIO()
                of("images").save(file, "PNG", compress_level=1)
                self.files[folder, name] = file.getvalue()
                subfolder, _, filename = name.rpartition("/")
                return {"images": [{"filename": filename, "subfolder": subfolder, "type": folder}]}
            case _:
                return None

    def drawn(self, graph: JSON, node: str) -> Image.Image:
        inputs = graph[node]["inputs"]
        canvas = self.evaluate(graph, inputs["latent_image"][0])
        mixed = hash_of(f"{inputs['seed']} {self.evaluate(graph, inputs['positive'][0])}")
        light = Image.linear_gradient("L").resize(canvas.size)
        colour = Image.composite(Image.new("RGB", canvas.size, mixed), Image.new("RGB", canvas.size, "white"), light)
        drawn = Image.blend(canvas, colour, inputs["denoise"])
        if "noise_mask" not in canvas.info:
            return drawn
        # What is outside the mask goes through the VAE and back all the same.
        return Image.composite(drawn, canvas.point(lambda level: min(255, level + 3)), canvas.info["noise_mask"])

    def preview(self, picture: Image.Image, step: int, steps: int) -> bytes:
        file = io.BytesIO()
        small = picture.resize((max(1, picture.width // 8), max(1, picture.height // 8)))
        Image.blend(Image.new("RGB", small.size, "grey"), small, step / steps).save(file, "JPEG", quality=95)
        return file.getvalue()


def hash_of(text: str) -> tuple[int, int, int]:
    """Return a colour for a text."""
    digest = uuid.uuid5(uuid.NAMESPACE_URL, text).bytes
    return digest[0], digest[1], digest[2]
