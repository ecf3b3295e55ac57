"""The exported graph as the service runs it: preprocessing and a session. It needs ONNX Runtime and no torch."""
import json
from pathlib import Path

import numpy as np
import onnxruntime

from films import squeeze

FILES = {'fp32': 'model.onnx', 'fp16': 'model.fp16.onnx', 'int8': 'model.int8.onnx'}


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=['CPUExecutionProvider'])


def tensor_of(gray: np.ndarray, config: dict) -> np.ndarray:
    """gray float32 in [0, 1] → 1 × S × S as model.json declares it; sums in float64 as in the service."""
    small = squeeze(squeeze(gray, config['equal_size']), config['input_size'])
    mean = small.astype(np.float64).mean()
    deviation = max(float(np.sqrt(((small.astype(np.float64) - mean) ** 2).mean())), config['standardise_floor'])
    return ((small - mean) / deviation).astype(np.float32)[None]


def write(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + '\n', encoding='utf-8')
