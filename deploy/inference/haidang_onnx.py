"""A runtime for MLServer that runs the ONNX files of `haidang models export-repository` (pip install mlserver onnxruntime numpy).

PYTHONPATH=deploy/inference mlserver start FOLDER
"""

import numpy
import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.errors import InferenceError
from mlserver.types import InferenceRequest, InferenceResponse
from mlserver.utils import get_model_uri


class OnnxModel(MLModel):
    async def load(self) -> bool:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        providers = [name for name in ("CUDAExecutionProvider", "CPUExecutionProvider") if name in onnxruntime.get_available_providers()]
        self.session = onnxruntime.InferenceSession(await get_model_uri(self.settings), options, providers=providers)
        self.types = {each.name: numpy.float64 if "double" in each.type else numpy.float32 for each in self.session.get_inputs()}
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        feeds = {}
        for tensor in payload.inputs:
            if tensor.name not in self.types:
                raise InferenceError(f"unknown input {tensor.name}")
            feeds[tensor.name] = NumpyCodec.decode_input(tensor).astype(self.types[tensor.name]).reshape(tensor.shape)
        names = [each.name for each in payload.outputs or []] or [each.name for each in self.session.get_outputs()]
        results = self.session.run(names, feeds)
        return InferenceResponse(
            model_name=self.name,
            model_version=self.version,
            id=payload.id,
            outputs=[NumpyCodec.encode_output(name, result) for name, result in zip(names, results)],
        )
