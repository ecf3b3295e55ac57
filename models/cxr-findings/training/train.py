"""Trains the findings network: data folder and config.json in, checkpoint and validation figures after every epoch out."""
import copy
import json
import time
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd
import torch
from sklearn.metrics import roc_auc_score
from torch.nn import functional as F

from augment import changed, moved, prepare
from films import HEADS, NIH, NIH_SOURCES, equalised, judged_targets, read_config, read_labels, training_targets
from network import Lite0, load_pretrained, shape_of
from regions import boxed, phantom_targets, phantoms, region_loss


def auc(target: np.ndarray, score: np.ndarray) -> float:
    return float(roc_auc_score(target, score)) if 0 < target.sum() < len(target) else float('nan')


def figures(logits: np.ndarray, frame, sources: tuple[str, ...] = NIH_SOURCES) -> dict:
    """Areas under the curve that steer the training, each on the source that labels it."""
    targets, masks = judged_targets(frame)
    source, rsna = frame['source'].to_numpy(), frame['rsna_class'].to_numpy()
    area = {}
    for column, name in enumerate(HEADS):
        rows = masks[:, column] > 0
        area[name] = auc(targets[rows, column], logits[rows, column])
    any_ = HEADS.index('any-abnormality')
    result = {'mean-14': float(np.nanmean([area[name] for name in NIH]))}
    for one in sources:
        rows = source == one
        areas = [auc(targets[rows, column], logits[rows, column]) for column in range(len(NIH)) if targets[rows, column].sum() >= 5]
        result[f'mean {one}'] = float(np.nanmean(areas))
        opacity = rows & np.isin(rsna, ('Lung Opacity', 'Normal'))
        result[f'rsna {one}'] = auc((rsna[opacity] == 'Lung Opacity').astype(float), logits[opacity, any_])
    opacity = np.isin(rsna, ('Lung Opacity', 'Normal'))
    result['rsna'] = auc((rsna[opacity] == 'Lung Opacity').astype(float), logits[opacity, any_])
    return result | {name: area[name] for name in ('any-abnormality', 'paediatric-pneumonia', 'tuberculosis')} | {'heads': area}


@torch.inference_mode()
def infer(network: torch.nn.Module, films: np.ndarray, rows: np.ndarray, config: dict) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Logits, maps and pooled features of the films in `rows`, no augmentation."""
    network.eval()
    parts = []
    for start in range(0, len(rows), 64):
        x = torch.from_numpy(films[rows[start:start + 64]].astype(np.float32))[:, None]
        parts.append(network(prepare(x, config)))
    return tuple(torch.cat(part).numpy() for part in zip(*parts, strict=True))


def taught(films: np.ndarray, rows: np.ndarray, config: dict) -> np.ndarray:
    """Chance by the mean logit of the teachers for the films in `rows`, films × heads; each teacher's logits are kept in the work folder."""
    logits = []
    for path in map(Path, config['teachers']):
        kept = Path(config['work']) / f'taught-{path.stem}.npy'
        if not kept.exists() or kept.stat().st_mtime < path.stat().st_mtime:
            np.save(kept, logits_of(path, films[rows], config))
            print(f'taught by {path.stem}', flush=True)
        logits.append(np.load(kept))
    return (1 / (1 + np.exp(-np.mean(logits, axis=0)))).astype(np.float32)


class Answer(torch.nn.Module):
    """The logits alone, for a graph."""

    def __init__(self, network: Lite0):
        super().__init__()
        self.network = network

    def forward(self, film: torch.Tensor) -> torch.Tensor:
        return self.network(film)[0]


def logits_of(checkpoint: Path, films: np.ndarray, config: dict) -> np.ndarray:
    """Through ONNX Runtime, three times as fast as PyTorch on a CPU."""
    saved = torch.load(checkpoint, weights_only=True)
    size = saved['config']['input_size']
    teacher = Lite0(len(HEADS), 0, 0, shape_of(saved['config']))
    teacher.load_state_dict(saved['ema'])
    graph = Path(config['work']) / f'{checkpoint.stem}.onnx'
    torch.onnx.export(Answer(teacher).eval(), (torch.zeros(2, 1, size, size),), str(graph),
                      input_names=['film'], output_names=['logits'], opset_version=17, dynamo=False, dynamic_axes={name: {0: 'batch'} for name in ('film', 'logits')})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = config['threads']
    run = onnxruntime.InferenceSession(str(graph), options, providers=['CPUExecutionProvider'])
    parts = []
    for start in range(0, len(films), 8):
        x = torch.from_numpy(films[start:start + 8].astype(np.float32))[:, None]
        parts.append(run.run(['logits'], {'film': prepare(x, config | {'input_size': size}).numpy()})[0])
    return np.concatenate(parts)


def epoch_rows(frame, train: np.ndarray, random: np.random.Generator, config: dict) -> np.ndarray:
    """Every abnormal adult film, a share of the normal ones and of the children's, tuberculosis more than once."""
    source, label = frame['source'].to_numpy()[train], frame['label'].to_numpy()[train]
    nih = np.isin(source, NIH_SOURCES)
    normal = nih & (label == 'normal') & (frame['rsna_class'].to_numpy()[train] == '')
    keep = np.ones(len(train))
    keep[normal] = config['normal_share']
    keep[source == 'kermany'] = config['children_share']
    keep[np.isin(source, ('hannover', 'ieee8023'))] = 0
    keep[np.isin(source, ('shenzhen', 'montgomery'))] = config['tb_repeat']
    keep[source == 'phantom'] = config['phantom_share']
    times = np.floor(keep + random.random(len(keep))).astype(int)
    return random.permutation(np.repeat(train, times))


def loss_of(logits: torch.Tensor, targets: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    return (F.binary_cross_entropy_with_logits(logits, targets, reduction='none') * masks).sum(dim=1)


def elapsed(started: float, config: dict) -> float:
    """Share of the minutes that are given; 0 when there is no limit."""
    return (time.monotonic() - started) / 60 / config['minutes'] if config['minutes'] > 0 else 0.0


def one_cycle(progress: float) -> float:
    """Learning rate as a share of its maximum: up over the first 15 %, then down along a cosine (Smith 2018)."""
    if progress < 0.15:
        return 0.04 + 0.96 * (1 - np.cos(np.pi * progress / 0.15)) / 2
    return 1e-4 + (1 - 1e-4) * (1 + np.cos(np.pi * min(1.0, (progress - 0.15) / 0.85))) / 2


def main() -> None:
    config = read_config()
    data, work = Path(config['data']), Path(config['work'])
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config['seed'])
    torch.set_num_threads(config['threads'])
    random = np.random.default_rng(config['seed'])
    frame = read_labels(data)
    films = np.asarray(equalised(data, frame, config['equal_size'], work))
    targets, masks = training_targets(frame, config)
    regions = boxed(frame, pd.read_csv(data / 'boxes.csv'), config['equal_size'])
    if config['teachers']:
        # Half label, half teacher (Hinton 2015; Furlanello 2018): the teachers smooth labels that text mining got wrong.
        rows = np.flatnonzero((frame['split'] == 'train').to_numpy())
        targets[rows] = (1 - config['teacher_share']) * targets[rows] + config['teacher_share'] * taught(films, rows, config)
    if config['phantoms']:
        drawn, drawn_films, drawn_regions = phantoms(Path(config['phantoms']) / 'chest', config['equal_size'])
        regions |= {len(frame) + row: found for row, found in enumerate(drawn_regions) if found}
        films = np.concatenate([films, drawn_films])
        drawn_targets, drawn_masks = phantom_targets(drawn)
        targets, masks = np.concatenate([targets, drawn_targets]), np.concatenate([masks, drawn_masks])
        frame = pd.concat([frame, drawn.assign(split='train')], ignore_index=True)
    masks[:, HEADS.index('any-abnormality')] *= config['any_weight']
    split = frame['split'].to_numpy()
    train, val = np.flatnonzero(split == 'train'), np.flatnonzero(split == 'val')
    if config['train_share'] < 1:
        patients = np.unique(frame['patient_id'].to_numpy()[train])
        chosen = random.permutation(patients)[:int(len(patients) * config['train_share'])]
        train = train[np.isin(frame['patient_id'].to_numpy()[train], chosen)]
    steering = val[(frame['source'].to_numpy()[val] != 'hannover')]
    network = Lite0(len(HEADS), config['dropout'], config['drop_connect'], shape_of(config))
    if config['start']:
        missing, unknown = network.load_state_dict(torch.load(config['start'], weights_only=True)['ema'], strict=False)
        if unknown or any(not name.startswith('finest.') for name in missing):
            raise ValueError(f'{config["start"]} does not fit: {missing} {unknown}')
    else:
        load_pretrained(network)
    network.freeze(config['frozen_blocks'])
    network.to(memory_format=torch.channels_last)  # twice as fast on a CPU
    average = copy.deepcopy(network)
    fresh = [p for name, p in network.named_parameters() if p.requires_grad and name.split('.')[0] in ('coarse', 'fine', 'finest', 'bias')]
    tuned = [p for name, p in network.named_parameters() if p.requires_grad and name.split('.')[0] not in ('coarse', 'fine', 'finest', 'bias')]
    rate = config['learning_rate']
    optimiser = torch.optim.AdamW([{'params': tuned, 'lr': rate}, {'params': fresh, 'lr': rate * 2}], weight_decay=config['weight_decay'])
    per_epoch = len(epoch_rows(frame, train, np.random.default_rng(0), config)) // config['batch'] + 4
    step, started, total_steps = 0, time.monotonic(), per_epoch * config['epochs']
    for epoch in range(config['epochs']):
        if elapsed(started, config) >= 1:
            break
        begun, total = time.monotonic(), 0.0
        rows = epoch_rows(frame, train, random, config)
        network.train()
        network.freeze(config['frozen_blocks'])
        batches = len(rows) // config['batch']
        for index in range(min(batches, per_epoch)):
            chosen = rows[index * config['batch']:(index + 1) * config['batch']]
            if elapsed(started, config) >= 1:
                break
            for group, factor in zip(optimiser.param_groups, (1, 2), strict=True):
                group['lr'] = factor * rate * one_cycle(max(step / total_steps, elapsed(started, config)))
            x, theta = changed(torch.from_numpy(films[chosen].astype(np.float32))[:, None], config)
            t, m = torch.from_numpy(targets[chosen]), torch.from_numpy(masks[chosen])
            t = t * (1 - config['label_smoothing']) + config['label_smoothing'] / 2
            other, share = torch.randperm(len(x)), float(random.beta(config['mixup'], config['mixup'])) if config['mixup'] > 0 else 1.0
            share = max(share, 1 - share)
            mixed = (share * x + (1 - share) * x[other]).contiguous(memory_format=torch.channels_last)
            logits, maps, _ = network(mixed, config['frozen_blocks'])
            loss = (share * loss_of(logits, t, m) + (1 - share) * loss_of(logits, t[other], m[other])).mean()
            marked = [(place, head, mask) for place, row in enumerate(chosen) for head, mask in regions.get(int(row), ())]
            if marked and config['region_weight'] > 0:
                places = torch.tensor([place for place, _, _ in marked])
                masks_placed = moved(torch.from_numpy(np.stack([mask for _, _, mask in marked]))[:, None], theta[places], config['input_size'], 'zeros')
                # Mixed films keep the weight of their larger part; per film of the batch, as the other loss.
                loss = loss + config['region_weight'] * share * len(marked) / len(x) * region_loss(maps, masks_placed, [(place, head) for place, head, _ in marked])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5)
            optimiser.step()
            step += 1
            decay = min(config['ema'], (1 + step) / (10 + step))
            with torch.no_grad():
                for slow, fast in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
                    if slow.dtype.is_floating_point:
                        slow.lerp_(fast, 1 - decay)
            total += loss.item()
            if index % 50 == 49:
                print(f'epoch {epoch} step {index + 1}/{batches} loss {total / (index + 1):.4f} '
                      f'{(index + 1) * config["batch"] / (time.monotonic() - begun):.1f} films/s', flush=True)
        torch.save({'ema': average.state_dict(), 'config': config, 'epoch': epoch}, work / f'{config["run"]}.pt')
        if config['judge_every'] == 0 and epoch + 1 < config['epochs'] and elapsed(started, config) < 1:
            continue
        logits, _, _ = infer(average, films, steering, config)
        result = figures(logits, frame.iloc[steering])
        line = {'epoch': epoch, 'loss': total / max(1, batches), 'seconds': round(time.monotonic() - begun, 1), **result}
        with open(work / f'{config["run"]}.jsonl', 'a') as log:
            log.write(json.dumps(line) + '\n')
        print(json.dumps({key: round(value, 4) for key, value in line.items() if key != 'heads'}), flush=True)


if __name__ == '__main__':
    main()
