"""Milliseconds that pydicom with pylibjpeg needs for the whole picture of each file, in one thread.

usage: decode.py REPEATS FILE.dcm…
Prints one JSON object: file → list of milliseconds, or the reason why it cannot be decoded.
"""
import json
import sys
import time
from io import BytesIO

import pydicom

repeats, files = int(sys.argv[1]), sys.argv[2:]
found = {}
for path in files:
    with open(path, "rb") as file:
        content = file.read()
    try:
        times = []
        for _ in range(repeats + 1):
            started = time.perf_counter()
            pixels = pydicom.dcmread(BytesIO(content)).pixel_array
            times.append((time.perf_counter() - started) * 1000)
            assert pixels.size > 0
        # The first one loads the decoder.
        found[path] = times[1:]
    except (AttributeError, NotImplementedError, RuntimeError, ValueError) as error:
        found[path] = f"{type(error).__name__}: {error}"[:200]
print(json.dumps(found))
