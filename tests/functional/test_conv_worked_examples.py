"""Worked examples as they are printed in the lectures, entry by entry."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib.functional import conv2d

SHAPE = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 1, 1, 0],
        [0, 1, 1, 1, 1, 1, 1, 0],
        [0, 1, 1, 1, 1, 1, 1, 0],
        [0, 1, 1, 1, 1, 1, 1, 0],
        [0, 0, 1, 1, 1, 0, 0, 0],
        [0, 0, 1, 1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ]
)
EDGE = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]])
NUMBERS = np.array([[2, 4, 9, 1, 4], [2, 1, 4, 4, 6], [1, 1, 2, 9, 2], [7, 3, 5, 1, 3], [2, 3, 4, 8, 5]])
KERNEL = np.array([[1, 2, 3], [-4, 7, 4], [2, -5, 1]])


def single(image: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: int = 0) -> list[list[int]]:
    return conv2d(image[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0].tolist()


def test_edges_of_the_8_by_8_shape() -> None:
    assert single(SHAPE, EDGE) == [
        [-3, -4, -4, -4, -4, -3],
        [-3, -4, -4, -3, -1, 0],
        [0, 0, 0, 0, 0, 0],
        [2, 1, 0, 1, 3, 3],
        [2, 1, 0, 1, 3, 3],
        [1, 3, 4, 3, 1, 0],
    ]


@pytest.mark.parametrize(("column", "expected"), [(0, -3), (1, -4), (2, -4), (3, -4)])
def test_first_steps_of_the_slide(column: int, expected: int) -> None:
    assert single(SHAPE[:3, column : column + 3], EDGE) == [[expected]]


def test_last_window_of_the_slide_is_all_zeros() -> None:
    assert single(np.zeros((3, 3), int), EDGE) == [[0]]


def test_the_flipped_kernel_gives_the_negative_of_every_entry() -> None:
    assert single(SHAPE, EDGE[::-1, ::-1]) == (-np.array(single(SHAPE, EDGE))).tolist()


def test_padding_one_keeps_the_8_by_8_size() -> None:
    assert single(SHAPE, EDGE, padding=1) == [
        [0, 0, 0, 0, -1, -3, -3, -1],
        [-1, -3, -4, -4, -4, -4, -3, -1],
        [-1, -3, -4, -4, -3, -1, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [1, 2, 1, 0, 1, 3, 3, 1],
        [1, 2, 1, 0, 1, 3, 3, 1],
        [0, 1, 3, 4, 3, 1, 0, 0],
        [0, 1, 3, 4, 3, 1, 0, 0],
    ]


def test_stride_two_takes_every_second_entry() -> None:
    strided = single(SHAPE, EDGE, stride=2, padding=1)
    assert strided == [[0, 0, -1, -3], [-1, -4, -3, 0], [1, 1, 1, 3], [0, 3, 3, 0]]
    assert strided == np.array(single(SHAPE, EDGE, padding=1))[::2, ::2].tolist()


def test_the_5_by_5_example_without_padding() -> None:
    assert single(NUMBERS, KERNEL) == [[51, 66, 20], [31, 49, 101], [15, 53, -2]]
    assert single(NUMBERS[:3, :3], KERNEL) == [[51]]


def test_the_5_by_5_example_with_padding() -> None:
    assert single(NUMBERS, KERNEL, padding=1) == [
        [21, 59, 37, -19, 2],
        [30, 51, 66, 20, 43],
        [-14, 31, 49, 101, -19],
        [59, 15, 53, -2, 21],
        [49, 57, 64, 76, 10],
    ]


def test_the_flipped_kernel_of_the_5_by_5_example_gives_something_else() -> None:
    assert single(NUMBERS, KERNEL[::-1, ::-1]) == [[6, -7, 58], [40, -9, 79], [45, 77, 9]]


def test_six_filters_make_six_maps() -> None:
    assert conv2d(np.zeros((1, 3, 32, 32)), np.zeros((6, 3, 5, 5))).shape == (1, 6, 28, 28)
