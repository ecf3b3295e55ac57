"""Instances per second by C-STORE with dcmtk's storescu, 8 associations at once: the service beside Orthanc on the same machine and disk, in turns.
The service answers after its commit to disk and database; every acknowledged instance is looked for afterwards.

usage: speed.py WORK_FOLDER FILM.dcm [INSTANCES] [ROUNDS]
"""
import json
import os
import subprocess
import sys
import time

import pydicom
from pydicom.uid import generate_uid

from service import ask, patiently, stop

work, source = sys.argv[1], sys.argv[2]
instances = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 2
WEB, DIMSE, ORTHANC_WEB, ORTHANC_DIMSE = 18380, 11412, 18343, 14443
LANES = 8
IN_STUDY = 30
MOST_GROWTH_MIB = 200


def folders(name):
    """Thirty instances a study, each study a patient: a study is read once it is quiet."""
    film = pydicom.dcmread(source)
    made = []
    for lane in range(LANES):
        folder = f"{work}/speed/{name}/{lane}"
        os.makedirs(folder)
        for number in range(instances // LANES // rounds):
            film.SOPInstanceUID = film.file_meta.MediaStorageSOPInstanceUID = generate_uid()
            film.StudyInstanceUID = generate_uid(entropy_srcs=[name, str(lane), str(number // IN_STUDY)])
            film.PatientID = f"{name}-{lane}-{number // IN_STUDY}"
            film.save_as(f"{folder}/{number:05}.dcm")
        made.append(folder)
    return made


def memory(process):
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
        return int(next(line for line in status if line.startswith("VmRSS")).split()[1]) // 1024


def send(name, called, port):
    made = folders(name)
    started = time.monotonic()
    lanes = [subprocess.Popen(["storescu", "-xs", "-R", "+sd", "-aet", "CR1", "-aec", called, "127.0.0.1", str(port), folder],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for folder in made]
    assert all(lane.wait() == 0 for lane in lanes), name
    return time.monotonic() - started


os.makedirs(f"{work}/orthanc", exist_ok=True)
with open(f"{work}/orthanc.json", "w", encoding="utf-8") as file:
    json.dump({"StorageDirectory": f"{work}/orthanc", "IndexDirectory": f"{work}/orthanc", "HttpPort": ORTHANC_WEB, "AuthenticationEnabled": False,
               "RemoteAccessAllowed": False, "DicomAet": "ORTHANC", "DicomPort": ORTHANC_DIMSE, "DicomAlwaysAllowStore": True}, file)
orthanc = subprocess.Popen(["Orthanc", f"{work}/orthanc.json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
env = {**os.environ, "HAIDANG_PORT": str(WEB), "HAIDANG_DATA_DIR": f"{work}/data", "HAIDANG_DICOM_PORT": str(DIMSE), "HAIDANG_ACCESS": "open",
       "HAIDANG_LOG_LEVEL": "warn"}
service = subprocess.Popen(["node_modules/.bin/node", *os.environ.get("SERVICE_NODE_FLAGS", "").split(), "src/main.ts"], env=env, stdout=subprocess.DEVNULL)
try:
    patiently(lambda: ask(f"http://127.0.0.1:{ORTHANC_WEB}/system"), 120, "Orthanc")
    patiently(lambda: ask(f"http://127.0.0.1:{WEB}/health/ready"), 120, "the service")
    # A first study each: code is compiled, folders are there.
    whole, instances, rounds = instances, 80, 1
    send("warm-service", "HAIDANG", DIMSE)
    send("warm-orthanc", "ORTHANC", ORTHANC_DIMSE)
    time.sleep(3)
    instances, rounds = whole, int(sys.argv[4]) if len(sys.argv) > 4 else 2
    before, most = memory(service), 0
    seconds = {"service": 0.0, "Orthanc": 0.0}
    count = instances // LANES // rounds * LANES * rounds
    for round_number in range(rounds):
        seconds["service"] += send(f"service{round_number}", "HAIDANG", DIMSE)
        most = max(most, memory(service))
        seconds["Orthanc"] += send(f"orthanc{round_number}", "ORTHANC", ORTHANC_DIMSE)
    ours, theirs = count / seconds["service"], count / seconds["Orthanc"]
    studies, offset = 0, 0
    stored = 0
    while True:
        page = ask(f"http://127.0.0.1:{WEB}/dicomweb/studies?PatientID=service*&includefield=00201208&limit=100&offset={offset}")
        stored += sum(each["00201208"]["Value"][0] for each in page)
        studies += len(page)
        if len(page) < 100:
            break
        offset += 100
    print(f"{count} instances, {LANES} associations: service {ours:.1f} per second, Orthanc {theirs:.1f}, ratio {ours / theirs:.2f}; "
          f"{stored} stored in {studies} studies; service memory {before} MiB before, {most} MiB at most")
    assert stored >= count, "an acknowledged instance is not there"
    # Speed is told and not judged: a busy machine slows either side.
    assert most - before < MOST_GROWTH_MIB, "memory grows"
finally:
    stop(service, orthanc)
