"""The usual Python service for chest films, as a peer to measure against: FastAPI, pydicom, ONNX Runtime, psycopg.

It reads the same model with the same preprocessing, keeps the file and a row, and gives the row back. It has no queue, no retry, no
gate, no audit trail, no maps: the comparison favours it.
"""

import asyncio
import hashlib
import io
import json
import os
from pathlib import Path

import numpy as np
import onnxruntime
import pydicom
from fastapi import FastAPI, HTTPException, Request
from PIL import Image
from psycopg_pool import ConnectionPool
from pydicom.pixels import apply_modality_lut, apply_voi_lut

MODEL = Path(os.environ["PEER_MODEL"])
FILES = Path(os.environ["PEER_FILES"])
manifest = json.loads((MODEL / "model.json").read_text())
CODES = [head["code"] for head in manifest["heads"]]

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(str(MODEL / manifest["files"][0]["file"]), options, ["CPUExecutionProvider"])
pool = ConnectionPool(os.environ["PEER_DATABASE"], min_size=1, max_size=4, open=True)
with pool.connection() as connection:
    connection.execute("select pg_advisory_xact_lock(1)")
    connection.execute(
        "create table if not exists study (uid text primary key, patient text, file text not null, findings jsonb not null)"
    )

app = FastAPI()


def tensor_of(dataset: pydicom.Dataset) -> np.ndarray:
    pixels = apply_voi_lut(apply_modality_lut(dataset.pixel_array, dataset), dataset).astype(np.float32)
    low, high = float(pixels.min()), float(pixels.max())
    pixels = (pixels - low) / max(high - low, 1e-6)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        pixels = 1 - pixels
    image = Image.fromarray(pixels, mode="F")
    for step in manifest["preprocessing"]:
        if step["step"] == "resize":
            image = image.resize((step["columns"], step["rows"]), Image.Resampling.BILINEAR)
    values = np.asarray(image, dtype=np.float32)
    values = (values - values.mean()) / max(float(values.std()), 0.02)
    return values[None, None]


def read(body: bytes) -> dict:
    dataset = pydicom.dcmread(io.BytesIO(body))
    (logits,) = session.run([manifest["outputs"]["logits"]], {manifest["input"]["name"]: tensor_of(dataset)})
    findings = dict(zip(CODES, (1 / (1 + np.exp(-logits[0]))).round(4).tolist()))
    name = hashlib.sha256(body).hexdigest()
    with open(FILES / name, "wb") as file:
        file.write(body)
        # What was acknowledged must survive a power cut here too.
        file.flush()
        os.fsync(file.fileno())
    uid = str(dataset.StudyInstanceUID)
    with pool.connection() as connection:
        connection.execute(
            "insert into study values (%s, %s, %s, %s) on conflict (uid) do nothing",
            (uid, str(dataset.PatientID), name, json.dumps(findings)),
        )
    return {"studies": [uid], "findings": findings}


@app.post("/v1/studies", status_code=201)
async def upload(request: Request):
    return await asyncio.to_thread(read, await request.body())


@app.get("/v1/studies/{uid}")
def study(uid: str):
    with pool.connection() as connection:
        row = connection.execute("select findings from study where uid = %s", (uid,)).fetchone()
    if row is None:
        raise HTTPException(404)
    return {"reading": {"findings": row[0]}}


@app.get("/health/ready")
def ready():
    return {}
