"""Specs: what an author writes is checked, and every refusal says what to mend and where."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import Exercise, case
from autograder.assemble import assemble_exercise
from autograder.drivers.run import DRIVERS
from autograder.spec import Case, Draw, SpecError
from autograder.spec.load import Chapter, chapters, find_chapter

SETTINGS: dict[str, Any] = {"title": "E", "reference": lambda x: x, "points": {"g": 1}, "minutes": 1, "hints": ()}


def exercise(cases: Iterable[Case] = (), **changed: Any) -> Exercise:
    made = Exercise(changed.pop("name", "e"), **(SETTINGS | changed))
    made.cases(lambda _: cases)
    return made


TWO: dict[str, Any] = {"reference": {"f": lambda x: x, "g": lambda x: -x}}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "two words"}, "exercise 'two words': the name must be a Python identifier"),
        ({"points": {}}, "e: every group needs a positive number of points, given {}"),
        ({"points": {"g": 0}}, "positive number of points, given {'g': 0}"),
        ({"points": {"g": -1}}, "positive number"),
        ({"points": {"g": float("nan")}}, "positive number of points, given {'g': nan}"),
        ({"points": {"g": 1, "h": float("inf")}}, "positive number"),
    ],
)
def test_an_exercise_needs_a_name_and_points(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        exercise(**changed)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("cases", "changed", "message"),
    [
        ([case("c", group="h", x=1)], {}, "e, case 'c': group 'h' has no points; groups are ['g']"),
        ([case("c", group="g", x=1)], TWO, "e, case 'c': say which of ('f', 'g') is called (subject=...)"),
        ([case("c", group="g", subject="k", x=1)], TWO, "e, case 'c': 'k' is not one of ('f', 'g')"),
        ([case("c", group="g", y=1)], {}, "the reference does not take these arguments: missing a required"),
        ([case("c", group="g", x=1, y=2)], {}, "does not take these arguments: got an unexpected keyword argument 'y'"),
        ([case("c", group="g", x=1, cotangent=2)], {}, "unexpected keyword argument 'cotangent'"),
        ([], {}, "e: no case in group ['g']"),
        ([case("c", group="g", x=1)], {"points": {"g": 1, "h": 1}}, "e: no case in group ['h']"),
    ],
)
def test_cases_that_do_not_fit_the_spec_are_refused_by_title(
    cases: list[Case], changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(SpecError) as caught:
        exercise(cases, **changed).draw("seed", 1)
    assert message in str(caught.value)


def raising(x: int) -> int:
    if x < 0:
        raise ValueError("x is negative")
    return x


def greedy(x: list[int]) -> int:
    x.append(1)
    return len(x)


@pytest.mark.parametrize(
    ("one", "changed", "message"),
    [
        (
            case("c", group="g", x=-1),
            {"reference": raising},
            "e, case 'c': the reference raises ValueError: x is negative (if that is the right answer, say raises=...)",
        ),
        (
            case("c", group="g", x=-1, raises=TypeError),
            {"reference": raising},
            "the reference raises ValueError: x is negative (expected TypeError)",
        ),
        (
            case("c", group="g", x=1, raises=ValueError),
            {"reference": raising},
            "e, case 'c': the reference should raise ValueError and returns a value",
        ),
        (case("c", group="g", x=[]), {"reference": greedy}, "e, case 'c': the reference changes its arguments"),
        (
            case("c", group="g", x=1),
            {"driver": "functoin"},
            f"driver 'functoin' is not one of {sorted(DRIVERS)}",
        ),
        (case("c", group="g", x=np.ones(2)), {"driver": "gradient"}, "the reference raises KeyError: 'cotangent'"),
    ],
)
def test_a_reference_that_does_not_do_what_its_case_says_is_refused(
    one: Case, changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(SpecError) as caught:
        assemble_exercise(exercise([one], **changed), "seed", 1)
    assert message in str(caught.value)


def test_the_cases_of_a_spec_stay_as_they_are_when_it_is_assembled() -> None:
    x = np.arange(4.0)
    pack = assemble_exercise(exercise([case("c", group="g", x=x)], reference=lambda x: 2 * x), "seed", 1)
    assert np.array_equal(x, np.arange(4.0))
    assert np.array_equal(pack.cases[0].arguments["x"], x)


def test_a_layout_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"case 'c': layout 'fortran' is not one of \(None, 'non-contiguous'\)"):
        case("c", group="g", layout="fortran", x=1)


def test_an_exercise_without_cases_is_refused() -> None:
    with pytest.raises(SpecError, match=r"e: no cases; write a generator and decorate it with \.cases"):
        Exercise("e", **SETTINGS).draw("seed", 1)


def test_cases_are_given_once() -> None:
    with pytest.raises(SpecError, match="e: cases are given twice"):
        exercise().cases(lambda _: ())


@pytest.mark.parametrize(
    ("write", "changed", "message"),
    [
        (lambda e: e.mistake("m", hint=" "), {}, "e: mistake 'm' has no hint"),
        (lambda e: e.mistake("m", hint="h"), TWO, "e: 'm' must say which of ('f', 'g') it is (subject=...)"),
        (lambda e: e.alternative("m", subject="k"), TWO, "e: 'm' is for 'k', which is not one of ('f', 'g')"),
        (lambda e: e.alternative("taken"), {}, "e: two solutions are called 'taken'"),
        (lambda e: e.mistake("taken", hint="h"), {}, "e: two solutions are called 'taken'"),
        (lambda e: e.equivalent("mutant", reason=""), {}, "e: equivalent mutant 'mutant' needs a reason"),
    ],
)
def test_a_solution_needs_a_name_of_its_own_a_subject_and_a_hint(
    write: Callable[[Exercise], Any], changed: dict[str, Any], message: str
) -> None:
    made = exercise(**changed)
    made.mistake("taken", hint="h", subject=made.subjects[0])(lambda x: None)
    with pytest.raises(SpecError) as caught:
        write(made)
    assert message in str(caught.value)


def test_a_mistake_in_one_of_several_functions_leaves_the_others_right() -> None:
    made = exercise(**TWO)

    @made.mistake("sign", hint="h", subject="g")
    def wrong(x: int) -> int:
        return x

    (variant,) = made.mistakes
    assert variant.subjects["f"] is made.reference["f"]
    assert variant.subjects["g"] is variant.written[0] is wrong
    assert made.subjects == ("f", "g")


@pytest.mark.parametrize(
    ("both", "message"),
    [
        (
            ("sign", "unheard of"),
            "e: 'pair' is made of 'unheard of'; the mistakes above it are 'sign', 'scale', 'of g'",
        ),
        (("sign", "two things at once: sign; and scale"), "the mistakes above it are"),
        (("sign", "sign"), "e: 'pair' must be made of two different mistakes, given ('sign', 'sign')"),
        (("sign",), "must be made of two different mistakes"),
        (("sign", "of g"), "e: 'pair' is made of mistakes in two functions; each is recognised by itself"),
    ],
)
def test_a_pair_is_made_of_two_mistakes_above_it_in_the_same_function(both: Any, message: str) -> None:
    made = exercise(**TWO)
    for name, subject in (("sign", "f"), ("scale", "f"), ("of g", "g")):
        made.mistake(name, hint=f"About {name}.", subject=subject)(lambda x: None)
    made.mistake("first pair", both=("sign", "scale"))(lambda x: None)
    with pytest.raises(SpecError) as caught:
        made.mistake("pair", both=both)
    assert message in str(caught.value)


def test_the_hint_of_a_pair_is_its_own_or_made_of_both() -> None:
    for given, hint in (("", "Mind the sign. Mind the scale."), ("Own words.", "Own words.")):
        made = exercise(**TWO)
        made.mistake("sign", hint="Mind the sign.", subject="g")(lambda x: x)
        made.mistake("scale", hint="Mind the scale.", subject="g")(lambda x: -2 * x)
        made.mistake("sign and scale", both=("sign", "scale"), hint=given)(wrong := lambda x: 2 * x)
        pair = made.mistakes[-1]
        assert (pair.name, pair.hint) == ("two things at once: sign; and scale", hint)
        assert (pair.written_for, pair.subjects["f"], pair.subjects["g"]) == ("g", made.reference["f"], wrong)


# Drawing


def drawn(seed: str, rounds: int = 2) -> list[Any]:
    draw = Draw(seed, rounds)
    return [
        (draw.integers(0, 9), draw.distinct_sizes(3), draw.normal(2, 3).tolist(), draw.choice("abcdef"))
        for _ in draw.rounds()
    ]


def test_a_seed_draws_the_same_each_time_and_another_seed_something_else() -> None:
    assert drawn("a") == drawn("a")
    assert drawn("a") != drawn("b")
    assert len(drawn("a", 5)) == 5
    assert drawn("a", 5)[:2] == drawn("a")


def test_exercises_with_the_same_seed_draw_independently() -> None:
    def values(name: str) -> list[float]:
        made = Exercise(name, **SETTINGS)
        made.cases(lambda draw: [case("c", group="g", x=draw.normal(3))])
        return made.draw("seed", 1)[0].arguments["x"].tolist()

    assert values("one") == values("one")
    assert values("one") != values("two")


def test_distinct_sizes_are_never_equal_and_stay_in_their_range() -> None:
    draw = Draw("sizes", 1)
    seen = set()
    for _ in range(300):
        sizes = draw.distinct_sizes(4, 3, 7)
        assert len(set(sizes)) == 4
        assert all(type(n) is int and 3 <= n <= 7 for n in sizes)
        seen.update(sizes)
    assert seen == {3, 4, 5, 6, 7}
    assert sorted(draw.distinct_sizes(5, 3, 7)) == [3, 4, 5, 6, 7]
    with pytest.raises(ValueError, match=r"6 different sizes do not fit into \[3, 7\]"):
        draw.distinct_sizes(6, 3, 7)


def test_both_ends_of_a_range_of_integers_are_drawn() -> None:
    draw = Draw("ends", 1)
    assert {draw.integers(2, 4) for _ in range(100)} == {2, 3, 4}
    array = draw.integer_array(40, 5, low=-1, high=1)
    assert (array.shape, array.dtype, set(array.ravel().tolist())) == ((40, 5), np.int64, {-1, 0, 1})
    assert draw.normal(3, 2, dtype="float32").dtype == np.float32


# Loading

SPEC = """
from autograder import Exercise
one = Exercise("one", title="One", reference=lambda x: x, points={"g": 1}, minutes=1, hints=())
"""


def chapter(folder: Path, **files: str) -> Chapter:
    home = folder / "solutions" / "01_small"
    (home / "exercises").mkdir(parents=True)
    (home / "notebook.py").write_text("")
    for name, text in files.items():
        (home / "exercises" / f"{name}.py").write_text(textwrap.dedent(text))
    return find_chapter(folder / "solutions", "1")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("\n1 / 0\n", r"b.py, line 5: ZeroDivisionError: division by zero"),
        ("\nimport no_such_module\n", r"b.py, line 5: ModuleNotFoundError: No module named 'no_such_module'"),
        ("\none.mistake('m', hint='')\n", r"b.py, line 5: one: mistake 'm' has no hint"),
        ("\ndef broken(:\n", r"b.py: SyntaxError: .*b.py, line 5"),
    ],
)
def test_a_spec_file_with_an_error_is_named_with_its_line(more: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=message):
        chapter(tmp_path, b=SPEC + more).exercises()


def test_an_error_in_what_a_spec_calls_names_the_specs_line(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"b.py, line 5: ValueError: .*layout 'x' is not one of"):
        chapter(tmp_path, b=SPEC + "\nfrom autograder import case; case('c', group='g', layout='x')\n").exercises()


def test_two_exercises_with_one_name_are_refused_and_two_names_of_one_exercise_are_not(tmp_path: Path) -> None:
    found = chapter(tmp_path, a=SPEC + "\nagain = one\n")
    assert list(found.exercises()) == ["one"]
    (found.folder / "exercises" / "b.py").write_text(SPEC)
    with pytest.raises(SpecError, match=r"b.py: an exercise called 'one' exists already in 01_small"):
        found.exercises()


def test_a_chapter_without_exercises_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"01_small: no exercises; expected exercises.py or exercises/\*.py"):
        chapter(tmp_path, _helpers=SPEC).exercises()


def test_a_chapter_is_found_by_name_or_number_and_an_unknown_one_is_answered_with_the_known(tmp_path: Path) -> None:
    found = chapter(tmp_path, a=SPEC)
    solutions = tmp_path / "solutions"
    assert [find_chapter(solutions, n) for n in ("01_small", "01", "1")] == [found] * 3
    assert chapters(solutions) == [found]
    with pytest.raises(SpecError, match=r"no chapter '7' in .*solutions; there are: 01_small"):
        find_chapter(solutions, "7")
    with pytest.raises(SpecError, match="there are: none"):
        find_chapter(tmp_path / "empty", "1")
