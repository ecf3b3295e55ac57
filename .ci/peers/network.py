"""The service among real peers: Orthanc (C-STORE, STOW-RS, /changes), dcmtk's storescu and pynetdicom; both killed in the middle.

usage: network.py FOLDER_OF_FILMS WORK_FOLDER
"""
import concurrent.futures
import glob
import json
import os
import re
import signal
import subprocess
import sys
import time
import zlib

import pydicom
from pynetdicom import AE
from pynetdicom.sop_class import Verification

from service import ask, patiently, stop

films, work = sys.argv[1], sys.argv[2]
WEB, DIMSE, DIMSE_TLS, ORTHANC_WEB, ORTHANC_DIMSE = 18180, 11212, 12762, 18143, 14243
BASE, ORTHANC = f"http://127.0.0.1:{WEB}", f"http://127.0.0.1:{ORTHANC_WEB}"


os.makedirs(f"{work}/orthanc", exist_ok=True)
with open(f"{work}/orthanc.json", "w", encoding="utf-8") as file:
    json.dump({
        "Name": "peer", "StorageDirectory": f"{work}/orthanc", "IndexDirectory": f"{work}/orthanc",
        "Plugins": ["/usr/share/orthanc/plugins"], "HttpPort": ORTHANC_WEB, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
        "DicomAet": "ORTHANC", "DicomPort": ORTHANC_DIMSE, "DicomCheckCalledAet": True, "DicomAlwaysAllowStore": True,
        "DicomModalities": {"haidang": ["HAIDANG", "127.0.0.1", DIMSE]}, "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }, file)
with open(f"{work}/site.json", "w", encoding="utf-8") as file:
    json.dump({"dicom": {
        "stow": [{"id": "orthanc", "url": f"{ORTHANC}/dicom-web"}],
        "poll": [{"id": "orthanc", "kind": "orthanc", "url": ORTHANC, "everyMs": 500}],
        "tls": {"port": DIMSE_TLS, "certificate": "haidang.crt", "key": "haidang.key", "authorities": "hospital.crt"},
    }, "delivery": {"firstRetryMs": 200, "longestRetryMs": 2000, "firstPauseMs": 500, "longestPauseMs": 2000}}, file)
os.chmod(f"{work}/site.json", 0o600)


def certificate(name, authority=None):
    """Two files, name.key and name.crt, for 127.0.0.1; without an authority it is one itself."""
    signed = ["-CA", f"{work}/{authority}.crt", "-CAkey", f"{work}/{authority}.key", "-addext", "basicConstraints=critical,CA:FALSE"] if authority else []
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", f"{work}/{name}.key", "-out", f"{work}/{name}.crt", *signed], check=True, capture_output=True)


for one in ("hospital", "elsewhere"):
    certificate(one)
for one, authority in (("haidang", "hospital"), ("scanner", "hospital"), ("stranger", "elsewhere")):
    certificate(one, authority)


def by_tls(program, name, *paths):
    run = subprocess.run([program, "-aet", "CR1", "-aec", "HAIDANG", "+tls", f"{work}/{name}.key", f"{work}/{name}.crt", "+cf", f"{work}/hospital.crt",
                          "127.0.0.1", str(DIMSE_TLS), *paths], capture_output=True)
    return run.returncode == 0


def more_syntaxes(of_syntax):
    """The offered syntaxes that the phantom films lack: dcmtk's encoder makes four, three are another wrapping of a
    frame that is there (the one under 202 keeps its own order of packets, which the decoder does not ask for)."""
    made = {}
    for syntax, option in (("51", "+ee"), ("53", "+es"), ("55", "+ep"), ("57", "+el")):
        path = f"{work}/{syntax}.dcm"
        subprocess.run(["dcmcjpeg", option, "+ua", of_syntax["1.2.840.10008.1.2.1"], path], check=True)
        made[f"1.2.840.10008.1.2.4.{syntax}"] = path
    for syntax, of in (("1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.201"), ("1.2.840.10008.1.2.4.203", "1.2.840.10008.1.2.4.201"),
                       ("1.2.840.10008.1.2.8.1", "1.2.840.10008.1.2.1")):
        film = pydicom.dcmread(of_syntax[of])
        film.file_meta.TransferSyntaxUID = syntax
        film.SOPInstanceUID = film.file_meta.MediaStorageSOPInstanceUID = pydicom.uid.generate_uid()
        film.StudyInstanceUID = pydicom.uid.generate_uid()
        if of == "1.2.840.10008.1.2.1":
            packer = zlib.compressobj(wbits=-15)
            packed = packer.compress(film.PixelData) + packer.flush()
            film.PixelData = pydicom.encaps.encapsulate([packed + b"\0" * (len(packed) % 2)])
            film["PixelData"].VR = "OB"
        made[syntax] = f"{work}/{syntax}.dcm"
        film.save_as(made[syntax])
    return made


def start_orthanc():
    process = subprocess.Popen(["Orthanc", f"{work}/orthanc.json"], stdout=subprocess.DEVNULL, stderr=open(f"{work}/orthanc.log", "a"))
    patiently(lambda: ask(f"{ORTHANC}/system"), 60, "Orthanc")
    return process


def start_service():
    env = {**os.environ, "HAIDANG_PORT": str(WEB), "HAIDANG_DATA_DIR": f"{work}/data", "HAIDANG_DICOM_PORT": str(DIMSE),
           "HAIDANG_DICOM_SEND": f"ORTHANC@127.0.0.1:{ORTHANC_DIMSE}", "HAIDANG_SITE": f"{work}/site.json", "HAIDANG_ACCESS": "open",
           "HAIDANG_LOG_LEVEL": "warn"}
    process = subprocess.Popen(["node_modules/.bin/node", "src/main.ts"], env=env, stdout=subprocess.DEVNULL, stderr=open(f"{work}/service.log", "a"))
    patiently(lambda: ask(f"{BASE}/health/ready"), 120, "the service")
    return process


def by_store(path):
    # dcmtk of 2022 proposes these with -xs; the other syntaxes go by pynetdicom.
    known = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.4.70")
    if pydicom.dcmread(path, stop_before_pixels=True).file_meta.TransferSyntaxUID not in known:
        return by_pynetdicom(path)
    run = subprocess.run(["storescu", "-xs", "-R", "-aet", "CR1", "-aec", "HAIDANG", "127.0.0.1", str(DIMSE), path], capture_output=True)
    return run.returncode == 0


def by_pynetdicom(path, called="HAIDANG", port=DIMSE):
    dataset = pydicom.dcmread(path)
    entity = AE(ae_title="PYNET")
    entity.add_requested_context(dataset.SOPClassUID, dataset.file_meta.TransferSyntaxUID)
    association = entity.associate("127.0.0.1", port, ae_title=called)
    if not association.is_established:
        return False
    try:
        status = association.send_c_store(dataset)
        return bool(status) and status.Status == 0
    except (ValueError, RuntimeError):
        return False
    finally:
        association.release()


def by_stow(path, base=f"{BASE}/dicomweb"):
    with open(path, "rb") as file:
        body = b"--b\r\nContent-Type: application/dicom\r\n\r\n" + file.read() + b"\r\n--b--\r\n"
    headers = {"Content-Type": 'multipart/related; type="application/dicom"; boundary=b', "Accept": "application/dicom+json"}
    answer = ask(f"{base}/studies", body, headers)
    return "00081199" in answer and "00081198" not in answer


def by_polling(path):
    with open(path, "rb") as file:
        return ask(f"{ORTHANC}/instances", file.read())["Status"] in ("Success", "AlreadyStored")


def acknowledged(door, path):
    try:
        return door(path)
    except OSError:
        return False


def instances_of(study):
    found = ask(f"{ORTHANC}/tools/lookup", study.encode(), method="POST")
    ids = [each["ID"] for each in found if each["Type"] == "Study"]
    return [ask(f"{ORTHANC}/instances/{each['ID']}/simplified-tags") for one in ids for each in ask(f"{ORTHANC}/studies/{one}/instances")]


orthanc, service = start_orthanc(), start_service()
try:
    entity = AE(ae_title="PYNET")
    entity.add_requested_context(Verification)
    association = entity.associate("127.0.0.1", DIMSE, ae_title="HAIDANG")
    assert association.is_established and association.send_c_echo().Status == 0
    association.release()
    print("pynetdicom: echo")

    paths = sorted(glob.glob(f"{films}/*.dcm"))
    doors = [by_store, by_stow, by_polling, by_pynetdicom]
    waiting = [(doors[at % 4], path) for at, path in enumerate(paths)]
    killed = False
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for attempt in range(20):
            running = [(pool.submit(acknowledged, door, path), door, path) for door, path in waiting]
            if not killed:
                time.sleep(0.7)
                for process in (service, orthanc):
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                killed = True
                orthanc, service = start_orthanc(), start_service()
            waiting = [(door, path) for future, door, path in running if not future.result()]
            if not waiting:
                break
    assert not waiting, f"never acknowledged: {waiting}"
    print(f"{len(paths)} studies acknowledged by four doors, both killed once; {attempt + 1} rounds")

    syntaxes = set()
    for path in paths:
        tags = pydicom.dcmread(path, stop_before_pixels=True)
        study = tags.StudyInstanceUID
        syntaxes.add(str(tags.file_meta.TransferSyntaxUID))
        seen = patiently(lambda: (lambda view: view if view["progress"]["state"] == "done" and view["reading"] and
                                  not any((f["heatmap"] or {}).get("state") == "checking" for f in view["reading"]["findings"]) else None)(ask(f"{BASE}/v1/studies/{study}")), 300, study)
        assert [image["sopInstanceUid"] for image in seen["images"]] == [tags.SOPInstanceUID]
        assert len(ask(f"{BASE}/v1/studies/{study}/readings")) == 1, "read twice"
        if seen["reading"]["outcome"] != "assessed":
            continue
        maps = sum((finding["heatmap"] or {}).get("state") == "available" for finding in seen["reading"]["findings"])
        wanted = ["OT", "SR"] + (["SEG"] if maps else [])
        have = patiently(lambda: (lambda all: all if len(all) >= len(wanted) else None)([each for each in instances_of(study) if each.get("Manufacturer") == "Haidang"]), 300, f"results of {study}")
        assert sorted(each["Modality"] for each in have) == sorted(wanted), (study, [each["Modality"] for each in have], wanted)
        assert all(each["PatientID"] == str(tags.PatientID) and each["AccessionNumber"] == str(tags.AccessionNumber) for each in have)
    of_syntax = {str(pydicom.dcmread(path, stop_before_pixels=True).file_meta.TransferSyntaxUID): path for path in paths}
    of_syntax = {**more_syntaxes(of_syntax), **of_syntax}
    with open("docs/dicom-conformance.md", encoding="utf-8") as file:
        offered = set(re.findall(r"^\| .* \| (1\.2\.840\.10008\.1\.2(?:\.\d+)*) \|$", file.read(), re.MULTILINE))
    assert set(of_syntax) == offered, set(of_syntax) ^ offered
    for syntax, path in of_syntax.items():
        assert by_pynetdicom(path), f"pynetdicom cannot store in {syntax}"
    print(f"pynetdicom: stored in each of the {len(of_syntax)} transfer syntaxes of the conformance statement")
    plain = of_syntax["1.2.840.10008.1.2.1"]
    assert by_tls("echoscu", "scanner") and by_tls("storescu", "scanner", plain), "dcmtk with a certificate of the hospital is refused"
    assert not by_tls("echoscu", "stranger"), "dcmtk with a certificate of another authority is let in"
    print("dcmtk over TLS: echo and store with a certificate of the hospital; another authority's is refused")

    time.sleep(3)
    total = len(ask(f"{ORTHANC}/dicom-web/studies", headers={"Accept": "application/dicom+json"}))
    print(f"results of every study in the right study of Orthanc, once; {total} studies there; syntaxes {len(syntaxes)}")
finally:
    stop(service, orthanc)
