"""Earlier films of a person, fetched from real archives: a pynetdicom SCP by C-FIND and C-GET, Orthanc by C-FIND and C-MOVE, Orthanc by QIDO-RS
and WADO-RS. One patient's older films lie in each; a new film arrives by C-STORE.

usage: priors.py WORK_FOLDER FILM.dcm
"""
import json
import os
import subprocess
import sys

import pydicom
from pydicom.uid import generate_uid
from pynetdicom import AE, StoragePresentationContexts, build_role, evt
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind as Find
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelGet as Get
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelMove as Move

from service import ask, patiently, stop

work, source = sys.argv[1], sys.argv[2]
WEB, DIMSE, ORTHANC_WEB, ORTHANC_DIMSE, PYNET = 18280, 11312, 18243, 14343, 11313
BASE, ORTHANC = f"http://127.0.0.1:{WEB}", f"http://127.0.0.1:{ORTHANC_WEB}"
os.makedirs(f"{work}/orthanc", exist_ok=True)


def film(patient, date):
    """Another film of a person: same pixels, identities of its own."""
    dataset = pydicom.dcmread(source)
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        setattr(dataset, keyword, generate_uid())
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.PatientID, dataset.StudyDate, dataset.AccessionNumber = patient, date, f"A{date}"
    for keyword in ("AcquisitionDate", "SeriesDate", "ContentDate"):
        if keyword in dataset:
            setattr(dataset, keyword, date)
    return dataset


archive = {}  # SOP Instance UID -> data set, of the pynetdicom archive
asked = []


def matches(identifier):
    found = list(archive.values())
    for keyword in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID"):
        wanted = str(identifier.get(keyword, ""))
        if wanted:
            found = [each for each in found if str(each.get(keyword)) == wanted]
    return found


def on_find(event):
    asked.append("find")
    for each in matches(event.identifier):
        answer = pydicom.Dataset()
        answer.QueryRetrieveLevel = event.identifier.QueryRetrieveLevel
        for element in event.identifier:
            if element.keyword in each:
                answer[element.tag] = each[element.tag]
        answer.ModalitiesInStudy = each.Modality
        yield 0xFF00, answer


def on_get(event):
    asked.append("get")
    found = matches(event.identifier)
    yield len(found)
    for each in found:
        yield 0xFF00, each


def on_move(event):
    asked.append("move")
    found = matches(event.identifier)
    yield "127.0.0.1", DIMSE
    yield len(found)
    for each in found:
        yield 0xFF00, each


peer = AE(ae_title="PYARCHIVE")
for model in (Find, Get, Move):
    peer.add_supported_context(model)
for context in StoragePresentationContexts:
    peer.add_supported_context(context.abstract_syntax, ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2"], scu_role=True, scp_role=True)
peer.requested_contexts = [context for context in StoragePresentationContexts if "1.1.1" in context.abstract_syntax][:20]
server = peer.start_server(("127.0.0.1", PYNET), block=False, evt_handlers=[(evt.EVT_C_FIND, on_find), (evt.EVT_C_GET, on_get), (evt.EVT_C_MOVE, on_move)])

with open(f"{work}/orthanc.json", "w", encoding="utf-8") as file:
    json.dump({
        "Name": "archive", "StorageDirectory": f"{work}/orthanc", "IndexDirectory": f"{work}/orthanc",
        "Plugins": ["/usr/share/orthanc/plugins"], "HttpPort": ORTHANC_WEB, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
        "DicomAet": "ORTHANC", "DicomPort": ORTHANC_DIMSE, "DicomAlwaysAllowFind": True, "DicomAlwaysAllowMove": True, "DicomAlwaysAllowGet": True,
        "DicomModalities": {"haidang": ["HAIDANG", "127.0.0.1", DIMSE]}, "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }, file)
ORTHANC_PEER = {"aeTitle": "ORTHANC", "host": "127.0.0.1", "port": ORTHANC_DIMSE}
PYNET_PEER = {"aeTitle": "PYARCHIVE", "host": "127.0.0.1", "port": PYNET}
SOURCES = {
    "orthanc-qido": {"kind": "qido", "url": f"{ORTHANC}/dicom-web"},
    "orthanc-get": {"kind": "c-get", **ORTHANC_PEER},
    "orthanc-move": {"kind": "c-move", **ORTHANC_PEER},
    "pynetdicom-get": {"kind": "c-get", **PYNET_PEER},
    "pynetdicom-move": {"kind": "c-move", **PYNET_PEER},
}


def start_service(name):
    with open(f"{work}/site.json", "w", encoding="utf-8") as file:
        json.dump({"dicom": {"priors": {"from": [{"id": name, **SOURCES[name]}]}}}, file)
    os.chmod(f"{work}/site.json", 0o600)
    env = {**os.environ, "HAIDANG_PORT": str(WEB), "HAIDANG_DATA_DIR": f"{work}/data", "HAIDANG_DICOM_PORT": str(DIMSE),
           "HAIDANG_SITE": f"{work}/site.json", "HAIDANG_ACCESS": "open", "HAIDANG_LOG_LEVEL": "warn"}
    process = subprocess.Popen(["node_modules/.bin/node", "src/main.ts"], env=env, stdout=subprocess.DEVNULL, stderr=open(f"{work}/service.log", "a"))
    patiently(lambda: ask(f"{BASE}/health/ready"), 120, "the service")
    return process


def store(dataset):
    entity = AE(ae_title="CR1")
    entity.add_requested_context(dataset.SOPClassUID, dataset.file_meta.TransferSyntaxUID)
    association = entity.associate("127.0.0.1", DIMSE, ae_title="HAIDANG")
    assert association.is_established
    status = association.send_c_store(dataset)
    association.release()
    assert status.Status == 0, status


orthanc = subprocess.Popen(["Orthanc", f"{work}/orthanc.json"], stdout=subprocess.DEVNULL, stderr=open(f"{work}/orthanc.log", "a"))
service = None
try:
    patiently(lambda: ask(f"{ORTHANC}/system"), 60, "Orthanc")
    for name in SOURCES:
        patient = f"P-{name}"
        old = [film(patient, date) for date in ("20240110", "20250210")]
        later, stranger = film(patient, "20280101"), film(f"{patient}-2", "20250101")
        for each in (*old, later, stranger):
            archive[each.SOPInstanceUID] = each
            each.save_as(f"{work}/film.dcm")
            with open(f"{work}/film.dcm", "rb") as file:
                assert ask(f"{ORTHANC}/instances", file.read())["Status"] == "Success"
        service = start_service(name)
        now = film(patient, "20260301")
        store(now)
        url = f"{BASE}/v1/studies/{now.StudyInstanceUID}/priors"
        found = patiently(lambda: (lambda view: view if len(view["priors"]) == 2 and all(each["outcome"] for each in view["priors"]) and view["fetch"]["state"] == "done" else None)(ask(url)), 120, f"priors by {name}")
        assert [each["studyUid"] for each in found["priors"]] == [each.StudyInstanceUID for each in reversed(old)], name
        assert all(each["fetched"] for each in found["priors"]), name
        listed = [row["studyUid"] for row in ask(f"{BASE}/v1/worklist?limit=50")["items"]]
        assert now.StudyInstanceUID in listed and not set(listed) & {each.StudyInstanceUID for each in old}, name
        alerts = ask(f"{BASE}/v1/alerts")
        assert all(each["subject"]["studyUid"] != one.StudyInstanceUID for each in alerts for one in old), name
        changes = {change["verdict"] for prior in found["priors"] for change in prior["changes"]}
        print(f"{name}: two of two earlier films fetched, compared ({', '.join(sorted(changes))}), off the worklist, no alert")
        stop(service)
        service = None
    assert {"find", "get", "move"} <= set(asked), asked
finally:
    for process in (service, orthanc):
        if process is not None:
            process.kill()
    server.shutdown()
