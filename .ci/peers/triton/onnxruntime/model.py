"""The onnxruntime backend of Triton, written as a Python-based backend: PyTriton's wheel carries Triton itself and its Python backend only.

Triton reads our config.pbtxt and version folders, batches and answers; only the call of ONNX Runtime is made here.
"""

import os

import onnxruntime
import triton_python_backend_utils as triton


class TritonPythonModel:
    @staticmethod
    def auto_complete_config(config):
        return config

    def initialize(self, args):
        import json

        config = json.loads(args["model_config"])
        path = os.path.join(args["model_repository"], args["model_version"], config["default_model_filename"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.inputs = [each.name for each in self.session.get_inputs()]

    def execute(self, requests):
        responses = []
        for request in requests:
            feeds = {name: triton.get_input_tensor_by_name(request, name).as_numpy() for name in self.inputs}
            names = list(request.requested_output_names())
            results = self.session.run(names, feeds)
            tensors = [triton.Tensor(name, result) for name, result in zip(names, results)]
            responses.append(triton.InferenceResponse(output_tensors=tensors))
        return responses
