"""Haidang's risk equations as ONNX graphs that refuse by themselves. Written by `haidang risk export`; README.md beside this package explains it."""

from .equation import Equation, available, load

__all__ = ["Equation", "available", "load"]
