"""Checkpoints of network and gate in; one ONNX graph in fp32, fp16 storage and int8, model.json and golden.json out."""
import hashlib
import json
import math
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F

from films import FOLDER, HEADS, equalised, read_config, read_labels, squeeze
from gate import CLASSES, Gate, drawn
from network import Lite0, shape_of
from serve import FILES, session, tensor_of, write
from train import infer

EMBEDDING = 128


class Served(nn.Module):
    """All outputs of the service from one pass: logits, maps, embedding, gate logits and distance from the training films."""

    def __init__(self, network: Lite0, gate: Gate, features: np.ndarray):
        super().__init__()
        self.network, self.gate = network, gate
        # Three equal channels of one gray plane are one channel with summed weights.
        stem = network.stem[0]
        stem.weight = nn.Parameter(stem.weight.detach().sum(dim=1, keepdim=True))
        stem.in_channels = 1
        deviation = features.std(axis=0) + 0.1 * features.std()
        centred = (features - features.mean(axis=0)) / deviation
        _, singular, axes = np.linalg.svd(centred, full_matrices=False)
        variance = singular ** 2 / len(features)
        rest = variance[EMBEDDING:].sum()
        self.kept = nn.Parameter(torch.tensor(axes[:EMBEDDING], dtype=torch.float32))
        self.shift = nn.Parameter(torch.tensor(features.mean(axis=0), dtype=torch.float32))
        self.scale = nn.Parameter(torch.tensor(1 / deviation, dtype=torch.float32))
        # Shrunk towards the mean variance of the kept axes (Ledoit & Wolf 2004 in spirit): the smallest are badly estimated.
        shrunk = 0.9 * variance[:EMBEDDING] + 0.1 * variance[:EMBEDDING].mean()
        self.precision = nn.Parameter(torch.tensor(1 / shrunk, dtype=torch.float32))
        self.rest = float(rest)
        # Half-whitened: the few strongest axes (age, source, build) would otherwise decide who is a neighbour.
        self.even = nn.Parameter(torch.tensor(variance[:EMBEDDING] ** -0.25, dtype=torch.float32))

    def forward(self, film: torch.Tensor) -> tuple[torch.Tensor, ...]:
        trunk = self.network.trunk
        self.network.trunk = lambda x, frozen: self.network.stem(x)
        logits, maps, pooled = self.network(film)
        self.network.trunk = trunk
        centred = (pooled - self.shift) * self.scale
        along = F.linear(centred, self.kept)
        inside = (along * along * self.precision).sum(dim=1, keepdim=True)
        outside = ((centred * centred).sum(dim=1, keepdim=True) - (along * along).sum(dim=1, keepdim=True)).clamp(min=0)
        # Root mean square over the kept axes and, as one more group of equal weight, what lies outside them: about 1 for a train film.
        distance = torch.sqrt((inside / EMBEDDING + outside / self.rest) / 2)
        even = along * self.even
        embedding = even / torch.sqrt((even * even).sum(dim=1, keepdim=True) + 1e-12)
        return logits, maps, embedding, self.gate(film), distance


def half_storage(path: Path, target: Path) -> None:
    """Large weights stored as float16 and cast back when the graph is loaded: half the bytes, the same speed."""
    model = onnx.load(path)
    kept, casts = [], []
    for weight in model.graph.initializer:
        if weight.data_type != TensorProto.FLOAT or math.prod(weight.dims) < 64:
            kept.append(weight)
            continue
        values = numpy_helper.to_array(weight).astype(np.float16)
        kept.append(numpy_helper.from_array(values, f'{weight.name}_half'))
        casts.append(helper.make_node('Cast', [f'{weight.name}_half'], [weight.name], to=TensorProto.FLOAT))
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend([*casts, *nodes])
    onnx.checker.check_model(model)
    onnx.save(model, target)


def quantised(source: Path, target: Path, samples: np.ndarray) -> None:
    """Static int8 (QDQ, per channel); the gate and the distance stay in float since they must not drift."""
    from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Films(CalibrationDataReader):
        def __init__(self) -> None:
            self.left = iter([{'film': samples[start:start + 8]} for start in range(0, len(samples), 8)])

        def get_next(self) -> dict | None:
            return next(self.left, None)

    ready = target.with_suffix('.ready')
    quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
    spared = [node.name for node in onnx.load(ready).graph.node
              if any(word in node.name for word in ('/gate/', '/coarse/', '/fine/', 'network/stem'))]
    quantize_static(str(ready), str(target), Films(), quant_format=QuantFormat.QDQ, per_channel=True, weight_type=QuantType.QInt8,
                    activation_type=QuantType.QUInt8, op_types_to_quantize=['Conv'], nodes_to_exclude=spared,
                    calibrate_method=CalibrationMethod.MinMax)
    ready.unlink()


def golden(run: onnxruntime.InferenceSession, config: dict) -> dict:
    """Pictures made by arithmetic and what the fp32 graph answers."""
    cases = []
    for rows, columns, a, b in ((160, 160, 0.05, 0.03), (96, 96, 0.11, 0.02), (320, 262, 0.02, 0.07), (901, 640, 0.013, 0.031)):
        row, column = np.mgrid[0:rows, 0:columns].astype(np.float64)
        tensor = tensor_of((0.5 + 0.5 * np.sin(a * row + b * column)).astype(np.float32), config)
        logits, embedding = run.run(['logits', 'embedding'], {'film': tensor[None]})
        cases.append({
            'picture': {'rows': rows, 'columns': columns, 'a': a, 'b': b},
            'tensorMean': float(tensor.astype(np.float64).mean()),
            'tensorFirst': [float(value) for value in tensor.ravel()[:8]],
            'logits': [float(value) for value in logits[0]],
            'embeddingFirst': [float(value) for value in embedding[0, :8]],
        })
    return {'tolerance': {'fp32': 0.005, 'fp16': 0.05, 'int8': 0.0}, 'cases': cases}


def main() -> None:
    config = read_config()
    data, work = Path(config['data']), Path(config['work'])
    torch.set_num_threads(config['threads'])
    frame = read_labels(data)
    films = np.asarray(equalised(data, frame, config['equal_size'], work))
    network = Lite0(len(HEADS), 0, 0, shape_of(config))
    network.load_state_dict(torch.load(work / f'{config["run"]}.pt', weights_only=True)['ema'])
    network.eval().to(memory_format=torch.channels_last)
    gate = Gate(len(CLASSES), config['input_size'])
    gate.load_state_dict(torch.load(work / 'gate.pt', weights_only=True)['gate'])
    gate.eval()
    random = np.random.default_rng(config['seed'])
    train = np.flatnonzero((frame['split'] == 'train').to_numpy())
    # Each source with the same weight at most: 500 films.
    chosen = np.concatenate([random.permutation(train[frame['source'].to_numpy()[train] == source])[:500]
                             for source in sorted(set(frame['source'])) if source != 'ieee8023'])
    # Synthetic films taught it too: they are no strangers.
    synthetic = drawn(f'{config["phantoms"]}/chest', config['equal_size'])[:200] if config['phantoms'] else films[:0]
    shown = np.concatenate([films[chosen], synthetic])
    _, _, features = infer(network, shown, np.arange(len(shown)), config)
    print('features', features.shape, flush=True)
    served = Served(network, gate, features.astype(np.float64)).eval()
    version = FOLDER / config['version']
    version.mkdir(exist_ok=True)
    for old in version.glob('*.onnx'):
        old.unlink()
    names = ['logits', 'maps', 'embedding', 'gate', 'distance']
    with torch.no_grad():
        torch.onnx.export(served, (torch.zeros(2, 1, config['input_size'], config['input_size']),), str(version / 'model.onnx'),
                          input_names=['film'], output_names=names, opset_version=17, dynamo=False,
                          dynamic_axes={name: {0: 'batch'} for name in ['film', *names]})
    model = onnx.load(version / 'model.onnx')
    onnx.checker.check_model(model)
    half_storage(version / 'model.onnx', version / 'model.fp16.onnx')
    samples = np.stack([tensor_of(films[row].astype(np.float32), config) for row in random.permutation(chosen)[:256]])
    if 'int8' in config['ship']:
        quantised(version / 'model.onnx', version / 'model.int8.onnx', samples)
    run = session(version / 'model.onnx')
    with torch.no_grad():
        wanted = served(torch.from_numpy(samples[:16]))
    for name, want, got in zip(names, wanted, run.run(names, {'film': samples[:16]}), strict=True):
        print(f'{name} {tuple(want.shape)} largest difference between PyTorch and ONNX Runtime {np.abs(want.numpy() - got).max():.2e}')
    answers = golden(run, config)
    for precision in config['ship']:
        other = session(version / FILES[precision])
        worst = max(np.abs(np.concatenate([other.run(['logits'], {'film': golden_tensor(case, config)})[0][0]]) - case['logits']).max() for case in answers['cases'])
        # The tolerance catches a wrong file or a wrong operator; it is no statement about accuracy, which the card measures.
        answers['tolerance'][precision] = {'fp32': 0.005, 'fp16': max(0.05, 3 * float(worst)), 'int8': max(0.5, 3 * float(worst))}[precision]
        print(f'{precision} golden logits differ from fp32 by at most {worst:.4f}')
    for precision, file in FILES.items():
        if precision not in config['ship']:
            (version / file).unlink(missing_ok=True)
    rows, columns = wanted[1].shape[2:]
    manifest = manifest_of(config, [(precision, version / FILES[precision]) for precision in config['ship']], (rows, columns))
    write(FOLDER / 'model.json', manifest)
    write(FOLDER / 'golden.json', answers)


def golden_tensor(case: dict, config: dict) -> np.ndarray:
    picture = case['picture']
    row, column = np.mgrid[0:picture['rows'], 0:picture['columns']].astype(np.float64)
    gray = (0.5 + 0.5 * np.sin(picture['a'] * row + picture['b'] * column)).astype(np.float32)
    return tensor_of(gray, config)[None]


def manifest_of(config: dict, files: list[tuple[str, Path]], maps: tuple[int, int]) -> dict:
    described = json.loads((Path(__file__).parent / 'heads.json').read_text())
    size, equal = config['input_size'], config['equal_size']
    return {
        **config['model'],
        'version': config['version'],
        'files': [{'precision': precision, 'file': str(path.relative_to(FOLDER)), 'sha256': hashlib.sha256(path.read_bytes()).hexdigest(),
                   'bytes': path.stat().st_size} for precision, path in files],
        'input': {'name': 'film', 'channels': 1, 'rows': size, 'columns': size},
        'preprocessing': [
            {'step': 'resize', 'columns': equal, 'rows': equal, 'fit': 'squeeze'},
            *([] if size == equal else [{'step': 'resize', 'columns': size, 'rows': size, 'fit': 'squeeze'}]),
            {'step': 'standardise', 'floor': config['standardise_floor']},
        ],
        'outputs': {'logits': 'logits', 'embedding': 'embedding', 'embeddingSize': EMBEDDING, 'maps': 'maps', 'mapRows': maps[0], 'mapColumns': maps[1]},
        'heads': [described['heads'][head] | {'code': head} for head in HEADS],
        'gate': described['gate'] | {
            'pixels': {'output': 'gate', 'classes': CLASSES, 'minimumChestProbability': config['minimum_chest_probability']},
            'distance': {'output': 'distance', 'maximum': config['maximum_distance']},
        },
        'minimumFaithfulness': config['minimum_faithfulness'],
    }


if __name__ == '__main__':
    main()
