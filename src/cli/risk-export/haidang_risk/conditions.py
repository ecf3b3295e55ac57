"""Evaluates the conditions of an equation (checks, exclusions) over columns. What is absent is NaN, which compares as in the service: unequal to all."""

import numpy

COMPARISONS = {
    "=": numpy.equal,
    "!=": numpy.not_equal,
    "<": numpy.less,
    "<=": numpy.less_equal,
    ">": numpy.greater,
    ">=": numpy.greater_equal,
}


def _value(tree, columns, levels):
    """Numbers of a leaf; a text is the place of its level in the coded input that it is compared with."""
    kind = tree["kind"]
    if kind == "number":
        return tree["value"]
    if kind == "name":
        return columns[tree["name"]]
    if kind == "minus":
        return -_value(tree["operand"], columns, levels)
    raise ValueError(f"{kind} has no place in a condition")


def holds(tree, columns, levels):
    """True per row where the condition holds. `columns`: numbers by input name. `levels`: codes by coded input."""
    kind = tree["kind"]
    if kind == "not":
        return ~holds(tree["operand"], columns, levels)
    operator = tree["operator"]
    left, right = tree["left"], tree["right"]
    if operator == "or":
        return holds(left, columns, levels) | holds(right, columns, levels)
    if operator == "and":
        return holds(left, columns, levels) & holds(right, columns, levels)
    if right["kind"] == "text":
        right = {"kind": "number", "value": levels[left["name"]].index(right["value"])}
    elif left["kind"] == "text":
        left = {"kind": "number", "value": levels[right["name"]].index(left["value"])}
    return COMPARISONS[operator](_value(left, columns, levels), _value(right, columns, levels))
