"""The lecture on convolution: its length, its parts, and the numbers that stand in its sentences."""

import re
from pathlib import Path

import pytest
import torch
import yaml
from pybtex.database import parse_file
from torch import nn

BOOK = Path(__file__).resolve().parents[2] / "book"
SOURCE = (BOOK / "04_convolution.md").read_text(encoding="utf-8")

SECTIONS = [
    "one-window",
    "sharing",
    "padding",
    "stride",
    "channels",
    "dimensions",
    "matmul",
    "backward",
    "counting",
    "animation",
    "preview",
    "choosing",
    "trust",
    "quiz",
    "exercises",
    "references",
]
CATALOGUE = [
    "conv-simple-2d",
    "conv-cross-correlation",
    "conv-weight-sharing",
    "conv-pattern-filter",
    "conv-feature-count-rule",
    "conv-lti-view",
    "conv-padding-valid",
    "conv-padding-same",
    "conv-stride",
    "conv-shrinkage",
    "conv-multi-input-channels",
    "conv-multi-output-channels",
    "conv-tensor-views",
    "conv-bias",
    "conv-hyperparameters",
    "conv-asymmetric-kernel",
    "conv-convnet-preview",
    "conv-1d-equals-dense",
    "conv-1d",
    "conv-2d",
    "conv-3d",
    "conv-1d-vs-1x1",
    "conv-as-matmul",
    "calc-conv-output-size",
    "calc-conv-params",
    "calc-conv-macs",
    "map-time-series-forecasting",
    "vis-conv-animation",
    "ref-khlestov",
    "ref-cs231n",
    "ref-kaiming-he-slides",
]
EXERCISES = ["conv2d_single", "conv2d_padded", "conv2d", "conv_nd", "im2col", "counting", "find_kernel"]

CELL = re.compile(r"^```\{code-cell\} python\n(?:---\n(.*?)^---\n)?(.*?)^```\n", re.DOTALL | re.MULTILINE)


def cells() -> list[tuple[dict, str]]:
    """Return the settings and the code of every code cell."""
    return [(yaml.safe_load(settings or "{}"), code) for settings, code in CELL.findall(SOURCE)]


def prose() -> str:
    """Return what is read as text: no front matter, code, directives, displayed formulas, anchors, citations."""
    text = re.sub(r"\A---\n.*?\n---\n", "", SOURCE, flags=re.DOTALL)
    for dropped in (r"^```\{.*?^```\n", r"^\$\$.*?^\$\$\n"):
        text = re.sub(dropped, "", text, flags=re.DOTALL | re.MULTILINE)
    for dropped in (r"^\(.*\)=\n", r"^:::.*\n", r"^:class:.*\n"):
        text = re.sub(dropped, "", text, flags=re.MULTILINE)
    return re.sub(r"\{cite(:t)?\}`[^`]*`", "", text)


def parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def out_side(size: int, kernel_size: int, stride: int = 1, padding: int = 0) -> int:
    """Ask torch, on the meta device, for the side of the output."""
    layer = nn.Conv2d(1, 1, kernel_size, stride, padding, device="meta")
    return layer(torch.empty(1, 1, size, size, device="meta")).shape[-1]


def layers_that_fit(size: int, kernel_size: int) -> int:
    """Count how many valid layers torch applies before the kernel is larger than the map."""
    count = 0
    while size >= kernel_size:
        size, count = out_side(size, kernel_size), count + 1
    return count


def test_the_lecture_has_between_2500_and_4000_words() -> None:
    words = re.findall(r"[A-Za-z0-9][\w’'.,×·-]*", re.sub(r"\$[^$]*\$", "x", prose()))
    assert 2500 <= len(words) <= 4000


@pytest.mark.parametrize("anchor", SECTIONS)
def test_a_section_can_be_linked_to(anchor: str) -> None:
    assert len(re.findall(rf"^\({anchor}\)=\n(?:\(.*\)=\n)*## ", SOURCE, re.MULTILINE)) == 1


def test_the_sections_come_in_the_order_of_the_lecture() -> None:
    assert [a for a in re.findall(r"^\((.+)\)=$", SOURCE, re.MULTILINE) if a in SECTIONS] == SECTIONS


@pytest.mark.parametrize("topic", CATALOGUE)
def test_a_topic_of_the_catalogue_is_taught_where_its_anchor_is(topic: str) -> None:
    found = re.findall(rf"^\({topic}\)=\n(?:\(.*\)=\n)*\n?(.+)", SOURCE, re.MULTILINE)
    assert len(found) == 1
    assert found[0].startswith(("## ", "### ", "$$")) or len(found[0].split()) >= 12


def test_every_figure_is_described_in_words() -> None:
    figures = [(settings, code) for settings, code in cells() if re.search(r"^plot\.\w+_figure\(", code, re.MULTILINE)]
    assert len(figures) >= 10
    for settings, _ in figures:
        assert len(settings["mystnb"]["image"]["alt"].split()) >= 10


def test_each_exercise_has_one_card_with_one_sentence() -> None:
    cards = re.findall(r"^```\{exercise-card\} 04_convolution/(\w+)\n(.+)\n```$", SOURCE, re.MULTILINE)
    assert [name for name, _ in cards] == EXERCISES
    assert all(sentence.count(".") == 1 and sentence.endswith(".") for _, sentence in cards)


def test_the_quiz_has_five_questions_and_an_answer_to_each() -> None:
    quiz = SOURCE.split("(quiz)=")[1].split("(exercises)=")[0]
    assert re.findall(r"^\*\*(\d)\.\*\* .+\?$", quiz, re.MULTILINE) == list("12345")
    assert re.findall(r"^:::\{dropdown\} Answer (\d)\n(?:.{60,})\n:::$", quiz, re.MULTILINE) == list("12345")


def test_every_citation_has_an_entry_and_every_entry_leads_to_the_work() -> None:
    entries = parse_file(str(BOOK / "references.bib"), bib_format="bibtex").entries
    cited = {key.strip() for keys in re.findall(r"\{cite(?::t)?\}`([^`]+)`", SOURCE) for key in keys.split(",")}
    assert cited <= set(entries)
    assert {"khlestov", "cs231n", "he-slides"} <= cited
    for entry in entries.values():
        assert {"doi", "eprint", "url", "note"} & set(entry.fields)
        assert not entry.fields.get("doi", "").startswith("http")


@pytest.mark.parametrize("slip", [
    "Bias (deck 000)", "Dense (deck 000)", "Sampling (deck 004)", "Depth (deck 004)", "Floor (deck 004)",
    "AlexNet table (deck 003)", "Conventions", "Garbled text",
])  # fmt: skip
def test_a_slip_of_the_source_decks_is_explained(slip: str) -> None:
    box = SOURCE.split("(trust)=")[1].split(":::")[1]
    assert re.search(rf"^\*{re.escape(slip)}", box, re.MULTILINE)


NUMBERS_IN_SENTENCES = {
    "more than fourteen million weights": lambda: nn.Linear(3072, 6 * 28**2, device="meta").weight.numel() > 14e6,
    "3,072 numbers when stretched": lambda: torch.empty(3, 32, 32).flatten().shape == (3072,),
    "each of the 450 weights": lambda: nn.Conv2d(3, 6, 5).weight.numel() == 450,
    "all 784 positions": lambda: out_side(32, 5) ** 2 == 784,
    "the seventh layer is the last that fits": lambda: layers_that_fit(32, 5) == 7,
    "32, 28, 24": lambda: [32, out_side(32, 5), out_side(out_side(32, 5), 5)] == [32, 28, 24],
    r"$-4\cdot1 + 7\cdot4 + 2\cdot4 - 5\cdot6 = 2$": lambda: -4 * 1 + 7 * 4 + 2 * 4 - 5 * 6 == 2,
    "$(8+2-3)/2 + 1 = 4.5$": lambda: (8 + 2 - 3) / 2 + 1 == 4.5 and out_side(8, 3, 2, 1) == 4,
    "32 × 32 × 10": lambda: (out_side(32, 5, 1, 2), nn.Conv2d(3, 10, 5).weight.shape[0]) == (32, 10),
    "all 225 cells": lambda: nn.Linear(25, 9).weight.numel() == 225,
    "Here 81 are filled": lambda: out_side(5, 3) ** 2 * nn.Conv2d(1, 1, 3).weight.numel() == 81,
    "1,510: ten filters": lambda: parameters(nn.Conv2d(6, 10, 5)) == 1510,
    "Not twice 760": lambda: parameters(nn.Conv2d(3, 10, 5)) == 760,
    "14 × 14: $(28+2-3)/2 = 13.5$": lambda: out_side(28, 3, 2, 1) == 14 and (28 + 2 - 3) / 2 == 13.5,
    "7 × 7: each layer adds two": lambda: 20 - out_side(out_side(out_side(20, 3), 3), 3) + 1 == 7,
    "18/25 of the weights": lambda: 50 * parameters(nn.Conv2d(8, 8, 3, bias=False))
    == 18 * parameters(nn.Conv2d(8, 8, 5, bias=False)),
    "almost ten times cheaper": lambda: 9.5 < 120_422_400 / 12_443_648 < 10,
    "six weights instead of nine": lambda: torch.empty(3, 1).numel() + torch.empty(1, 3).numel() == 6,
}  # fmt: skip


@pytest.mark.parametrize("phrase", NUMBERS_IN_SENTENCES)
def test_a_number_in_a_sentence_is_what_torch_counts(phrase: str) -> None:
    assert phrase in prose()
    assert NUMBERS_IN_SENTENCES[phrase]()


def test_nothing_in_the_page_is_fetched_or_drawn_without_a_seed() -> None:
    code = "\n".join(code for _, code in cells())
    assert not re.search(r"urllib|requests|https?://|np\.random\.(?!default_rng\(\d)|torch\.rand", code)


@pytest.mark.slow
def test_every_cell_of_the_page_runs_and_every_comparison_holds(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for _, code in cells():
        exec(compile(code, "04_convolution.md", "exec"), names)
    printed = capsys.readouterr().out
    assert printed.count("agrees with torch: True") == 3
    falsehoods = [line for line in printed.splitlines() if line.endswith("False")]
    # what the lecture shows to be false, and nothing else
    assert [line.split(":")[0] for line in falsehoods] == ["shapes", "same pixels", "the same with ReLU between"]
