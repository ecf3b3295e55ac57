"""Reads columns as their sender wrote them into the numbers of the graph, strictly: nothing is coerced, clamped or guessed.

A yes is 1, a no 0, a coded level its place in the list, absent NaN. What cannot be read rejects the row.
"""

import re

import numpy
import pandas

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def _number_of_text(text):
    if NUMBER.fullmatch(text) is None:
        return None
    value = float(text)
    return value if numpy.isfinite(value) else None


def _text_of_number(value):
    """As it would stand in a table: 1, not 1.0."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _one(spec, value):
    """The number for the graph, or None where it cannot be read."""
    kind = spec["kind"]
    is_number = isinstance(value, (int, float, numpy.integer, numpy.floating)) and not isinstance(value, (bool, numpy.bool_))
    if kind == "coded":
        code = _text_of_number(value) if is_number else value
        for place, level in enumerate(spec["levels"]):
            if code == level["code"] or code in level["also"]:
                return float(place)
        return None
    if kind == "boolean":
        if isinstance(value, (bool, numpy.bool_)):
            return float(value)
        if isinstance(value, str):
            if value.lower() in ("true", "false"):
                return float(value.lower() == "true")
            value = _number_of_text(value)
        return float(value) if value in (0, 1) else None
    if isinstance(value, (bool, numpy.bool_)):
        return None
    number = _number_of_text(value) if isinstance(value, str) else float(value)
    return number if number is not None and numpy.isfinite(number) else None


def read_column(spec, series):
    """(numbers, rejected): NaN in `numbers` where the cell is empty, True in `rejected` where it cannot be read."""
    numeric = pandas.api.types.is_numeric_dtype(series.dtype) and not pandas.api.types.is_bool_dtype(series.dtype)
    if numeric and spec["kind"] == "number":
        numbers = series.to_numpy(dtype=numpy.float64, na_value=numpy.nan, copy=True)
        rejected = numpy.isinf(numbers)
        numbers[rejected] = numpy.nan
        return numbers, rejected
    # Each distinct cell is read once: a coded column of millions of rows has a handful of them.
    places, distinct = pandas.factorize(series, use_na_sentinel=True)
    read = [numpy.nan if value == "" else _one(spec, value) for value in distinct]
    table = numpy.array([numpy.nan if value is None else value for value in read] + [numpy.nan], dtype=numpy.float64)
    bad = numpy.array([value is None for value in read] + [False], dtype=bool)
    return table[places], bad[places]


def out_of_range(spec, numbers):
    """True per row where a number lies outside its range; NaN does not."""
    limits = spec["range"]
    outside = numpy.zeros(len(numbers), dtype=bool)
    if "minimum" in limits:
        outside |= numbers < limits["minimum"]
    if "above" in limits:
        outside |= numbers <= limits["above"]
    if "maximum" in limits:
        outside |= numbers > limits["maximum"]
    if "below" in limits:
        outside |= numbers >= limits["below"]
    if spec["whole"]:
        outside |= ~numpy.isnan(numbers) & (numbers != numpy.floor(numbers))
    for value in spec["special"]:
        outside &= numbers != value
    return outside
