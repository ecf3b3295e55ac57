"""OHIF on a study in the service and in Orthanc: a film lies in Orthanc, the service polls it, reads it and sends its results back by STOW-RS; then
scripts/viewer-screenshots.ts looks at both.

usage: viewer.py WORK_FOLDER FOLDER_OF_FILMS SCREENSHOTS
"""
import glob
import json
import os
import subprocess
import sys

from service import ask, patiently, stop

work, films, pictures = sys.argv[1:4]
WEB, ORTHANC_WEB = 18580, 18543
BASE, ORTHANC = f"http://127.0.0.1:{WEB}", f"http://127.0.0.1:{ORTHANC_WEB}"


os.makedirs(f"{work}/orthanc", exist_ok=True)
with open(f"{work}/orthanc.json", "w", encoding="utf-8") as file:
    json.dump({"StorageDirectory": f"{work}/orthanc", "IndexDirectory": f"{work}/orthanc", "Plugins": ["/usr/share/orthanc/plugins"],
               "HttpPort": ORTHANC_WEB, "RemoteAccessAllowed": False, "AuthenticationEnabled": False, "DicomServerEnabled": False,
               "DicomWeb": {"Enable": True, "Root": "/dicom-web/"}}, file)
with open(f"{work}/site.json", "w", encoding="utf-8") as file:
    json.dump({"dicom": {"stow": [{"id": "orthanc", "url": f"{ORTHANC}/dicom-web"}],
                         "poll": [{"id": "orthanc", "kind": "orthanc", "url": ORTHANC, "everyMs": 500}]}}, file)
os.chmod(f"{work}/site.json", 0o600)
env = {**os.environ, "HAIDANG_PORT": str(WEB), "HAIDANG_DATA_DIR": f"{work}/data", "HAIDANG_SITE": f"{work}/site.json", "HAIDANG_ACCESS": "open",
       "HAIDANG_LOG_LEVEL": "warn"}
node = "node_modules/.bin/node"
if not os.path.isdir(f"{work}/data/ohif"):
    subprocess.run([node, "src/cli/main.ts", "viewer", "install"], env=env, check=True, stderr=subprocess.DEVNULL)
orthanc = subprocess.Popen(["Orthanc", f"{work}/orthanc.json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
service = subprocess.Popen([node, "src/main.ts"], env=env, stdout=subprocess.DEVNULL)
try:
    patiently(lambda: ask(f"{ORTHANC}/system"), 60, "Orthanc")
    patiently(lambda: ask(f"{BASE}/health/ready"), 180, "the service")
    for path in sorted(glob.glob(f"{films}/*.dcm")):
        with open(path, "rb") as file:
            study = ask(f"{ORTHANC}/instances", file.read())["ParentStudy"]
        uid = ask(f"{ORTHANC}/studies/{study}")["MainDicomTags"]["StudyInstanceUID"]

        def modalities():
            series = ask(f"{ORTHANC}/studies/{study}/series")
            return {each["MainDicomTags"]["Modality"] for each in series}

        read = patiently(lambda: (lambda view: view["reading"] if view["reading"] and not any((f["heatmap"] or {}).get("state") == "checking" for f in view["reading"]["findings"]) else None)(ask(f"{BASE}/v1/studies/{uid}")), 180, "the reading")
        if read["outcome"] == "assessed" and any((f["heatmap"] or {}).get("shown") for f in read["findings"]):
            patiently(lambda: {"SR", "SEG"} <= modalities(), 120, "SR and SEG in Orthanc")
            break
    else:
        raise SystemExit("no film has a map")
    subprocess.run([node, "scripts/viewer-screenshots.ts", BASE, ORTHANC, uid, pictures], check=True, timeout=500)
finally:
    stop(service, orthanc)
