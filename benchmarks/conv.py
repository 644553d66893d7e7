"""Our convolutions beside torch's on one thread: `python benchmarks/conv.py`.

Both run in turn in the same loop, so that a busy machine slows both; the table gives medians in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

for library in ("OMP", "OPENBLAS", "MKL"):  # read once, when NumPy and torch are imported
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
import torch  # noqa: E402

from course_lib import functional  # noqa: E402

OURS: dict[int, Any] = {
    1: (functional.conv1d, functional.conv1d_backward),
    2: (functional.conv2d, functional.conv2d_backward),
    3: (functional.conv3d, functional.conv3d_backward),
}
TORCH: dict[int, Any] = {1: torch.conv1d, 2: torch.conv2d, 3: torch.conv3d}


@dataclass(frozen=True)
class Layer:
    title: str
    x: tuple[int, ...]
    w: tuple[int, ...]
    settings: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        sizes = f"x {'×'.join(map(str, self.x))}, w {'×'.join(map(str, self.w))}"
        return f"{self.title}: {sizes}" + "".join(f", {name} {value}" for name, value in self.settings.items())


LAYERS = [
    Layer("3×3", (32, 64, 56, 56), (64, 64, 3, 3), {"padding": 1}),
    Layer("3×3, deep", (32, 256, 14, 14), (256, 256, 3, 3), {"padding": 1}),
    Layer("stem", (8, 3, 224, 224), (64, 3, 7, 7), {"stride": 2, "padding": 3}),
    Layer("1×1", (32, 256, 28, 28), (64, 256, 1, 1)),
    Layer("depthwise", (32, 128, 28, 28), (128, 1, 3, 3), {"padding": 1, "groups": 128}),
    Layer("sequence", (32, 64, 400), (64, 64, 5), {"padding": 2}),
    Layer("video", (2, 16, 16, 32, 32), (32, 16, 3, 3, 3), {"padding": 1}),
]


def runs(layer: Layer, dtype: Any) -> dict[str, Callable[[], Any]]:
    rng = np.random.default_rng(0)
    x, w, b = (rng.normal(size=s).astype(dtype) for s in (layer.x, layer.w, layer.w[:1]))
    axes = x.ndim - 2
    (forward, backward), theirs = OURS[axes], TORCH[axes]
    grad_out = rng.normal(size=forward(x, w, b, **layer.settings).shape).astype(dtype)
    tensors = [torch.from_numpy(array) for array in (x, w, b)]
    leaves = [tensor.clone().requires_grad_() for tensor in tensors]
    cotangent = torch.from_numpy(grad_out)

    def ours_both() -> Any:
        return forward(x, w, b, **layer.settings), backward(grad_out, x, w, **layer.settings)

    def torch_both() -> Any:
        y = theirs(*leaves, **layer.settings)
        return y.detach(), torch.autograd.grad(y, leaves, cotangent)

    y, gradients = ours_both()
    torch_y, torch_gradients = torch_both()
    tolerance = 1e-3 if dtype == np.float32 else 1e-10
    for ours, other in zip((y, *gradients), (torch_y, *torch_gradients), strict=True):
        assert np.abs(ours - other.numpy()).max() < tolerance * np.abs(ours).max()
    return {
        "ours forward": lambda: forward(x, w, b, **layer.settings),
        "torch forward": lambda: theirs(*tensors, **layer.settings),
        "ours both": ours_both,
        "torch both": torch_both,
    }


def medians(functions: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    seconds: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(repeats):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) * 1e3 for name, values in seconds.items()}


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    torch.set_num_threads(1)
    print(
        f"{processor()} ({platform.machine()}), one thread of {os.cpu_count()}; "
        f"Python {platform.python_version()}, NumPy {np.__version__}, torch {torch.__version__}; "
        f"medians of {repeats}, milliseconds.\n"
    )
    print("| layer | dtype | forward: ours | torch | ratio | forward and backward: ours | torch | ratio |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    for layer in LAYERS:
        for dtype in (np.float32, np.float64):
            ms = medians(runs(layer, dtype), repeats)
            cells = []
            for part in ("forward", "both"):
                ours, theirs = ms[f"ours {part}"], ms[f"torch {part}"]
                cells += [f"{ours:.1f}", f"{theirs:.1f}", f"{ours / theirs:.2f}"]
            print(f"| {layer} | {dtype.__name__} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
