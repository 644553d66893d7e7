"""Promises about the convolution explorer's arithmetic and its Python side."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_lib import explorers
from course_lib.design import conv_output_size
from course_lib.explorers import ConvolutionExplorer
from course_lib.functional import conv2d

FOLDER = Path(explorers.__file__).parent
NODE = shutil.which("node", path=os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)]))


def settings(count: int) -> list[dict[str, int]]:
    """Return random settings, and two which leave no room for the kernel."""
    draw = random.Random(4)
    ranges = {"size": (3, 10), "kernel_size": (1, 5), "padding": (0, 3), "stride": (1, 4), "dilation": (1, 3)}
    rows = [{name: draw.randint(*bounds) for name, bounds in ranges.items()} for _ in range(count)]
    names = tuple(ranges)
    return [*rows, *(dict(zip(names, row, strict=True)) for row in [(3, 5, 0, 1, 1), (7, 4, 1, 2, 3)])]


@pytest.fixture(scope="module")
def module() -> dict[str, Any]:
    """What the ES module computes for the settings, run by Node."""
    if NODE is None:
        pytest.skip("there is no Node.js to run the explorer's module with")
    script = f"""
      import * as m from {json.dumps((FOLDER / "convolution.js").as_uri())};
      const settings = {json.dumps(settings(20))};
      const image = (s) => m.IMAGE.slice(0, s.size).map((row) => row.slice(0, s.size));
      console.log(JSON.stringify({{
        image: m.IMAGE, kernels: m.KERNELS, controls: m.CONTROLS,
        sizes: settings.map((s) => m.outputSize(s.size, s.kernel_size, s)),
        formulas: settings.map((s) => m.sizeFormula(s.size, s.kernel_size, s)),
        outputs: settings.map((s) => m.convolve(image(s), m.KERNELS[s.kernel_size], s)),
      }}));"""
    command = [NODE, "--input-type=module", "--eval", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    return json.loads(done.stdout)


def reference_size(given: dict[str, int]) -> int:
    """Return the library's output size, 0 where it finds that the kernel does not fit."""
    try:
        return conv_output_size(**given)  # pyright: ignore[reportCallIssue]
    except ValueError:
        return 0


def test_output_sizes_are_those_of_the_library(module: dict[str, Any]) -> None:
    expected = [reference_size(given) for given in settings(20)]
    assert module["sizes"] == expected
    assert min(expected) == 0
    assert len(set(expected)) > 5


def test_output_values_are_those_of_the_library(module: dict[str, Any]) -> None:
    compared = 0
    for given, size, output in zip(settings(20), module["sizes"], module["outputs"], strict=True):
        if size:
            x = np.array(module["image"])[: given["size"], : given["size"]]
            w = np.array(module["kernels"][str(given["kernel_size"])])
            options = {name: given[name] for name in ("padding", "stride", "dilation")}
            np.testing.assert_array_equal(np.array(output), conv2d(x[None, None], w[None, None], **options)[0, 0])
            compared += 1
        else:
            assert output == []
    assert compared > 10


def test_the_written_formula_gives_the_size_where_the_kernel_fits(module: dict[str, Any]) -> None:
    for formula, size in zip(module["formulas"], module["sizes"], strict=True):
        left, right = formula.replace("·", "*").replace("−", "-").split(" = ")
        python = re.sub(r"⌊(.*)/(\d)⌋", r"(\1)//\2", left)
        assert int(right) == size
        if size:
            assert eval(python) == size


def test_sliders_have_the_ranges_and_names_of_the_python_options(module: dict[str, Any]) -> None:
    traits: dict[str, Any] = ConvolutionExplorer.class_traits(sync=True)
    ranges = {control["name"]: (control["min"], control["max"]) for control in module["controls"]}
    assert ranges == {name: (traits[name].min, traits[name].max) for name in ranges}
    assert {*ranges, "position"} == set(ConvolutionExplorer.option_names())


def test_importing_the_explorers_imports_neither_torch_nor_a_widget_library() -> None:
    script = (
        "import sys, course_lib.explorers\n"
        "print(sorted({'torch', 'anywidget', 'ipywidgets', 'IPython', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_explorer_shows_itself_in_a_notebook_by_the_module_of_the_book() -> None:
    explorer = ConvolutionExplorer(size=5, stride=2)
    bundle = explorer._repr_mimebundle_()
    assert bundle is not None
    assert "application/vnd.jupyter.widget-view+json" in bundle[0]
    assert explorer.get_state()["_esm"] == (FOLDER / "convolution.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [({"pading": 1}, "no option pading; it has dilation"), ({"size": 11}, "size"), ({"stride": "2"}, "stride")],
)
def test_wrong_options_are_refused_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ConvolutionExplorer.state(**options)


def test_an_unknown_explorer_is_answered_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"no explorer called 'pooling'; there are: convolution"):
        explorers.load("pooling")
