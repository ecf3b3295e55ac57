"""pydicom and highdicom read the SR, SEG and SC of scripts/write-results.ts and must give back the numbers beside them."""
import glob
import json
import sys

import highdicom
import numpy
import pydicom

folder = sys.argv[1]
reports = segmentations = 0
for name in sorted(glob.glob(f"{folder}/*.json")):
    stem = name[: -len(".json")]
    with open(name, encoding="utf-8") as file:
        told = json.load(file)
    report = highdicom.sr.srread(f"{stem}-SR.dcm")
    assert report.StudyInstanceUID == told["studyInstanceUid"] and report.PatientID == told["patientId"]
    assert (report.PreliminaryFlag, report.VerificationFlag) == ("PRELIMINARY", "UNVERIFIED")
    found, tracked = {}, {}
    measurements = next(item for item in report.ContentSequence if item.ConceptNameCodeSequence[0].CodeValue == "126010")
    for group in measurements.ContentSequence:
        items = {item.ConceptNameCodeSequence[0].CodeValue: item for item in group.ContentSequence}
        finding = items["121071"].ConceptCodeSequence[0].CodeMeaning
        value = items["111012"].MeasuredValueSequence[0]
        assert abs(float(value.NumericValue) - value.FloatingPointValue) < 1e-8
        found[finding] = value.FloatingPointValue / 100
        if "111030" in items:
            x, y = items["111030"].GraphicData[0::2], items["111030"].GraphicData[1::2]
            assert 0 <= min(x) and max(x) <= told["columns"] and 0 <= min(y) and max(y) <= told["rows"]
            assert (x[0], y[0]) == (x[-1], y[-1]), "the outline is closed"
            tracked[items["112040"].UID] = (x, y)
    assert set(found) == set(told["probabilities"]), (found, told)
    assert all(abs(found[key] - told["probabilities"][key]) < 1e-12 for key in found), (found, told)
    reports += 1
    picture = pydicom.dcmread(f"{stem}-SC.dcm")
    assert picture.pixel_array.shape == (picture.Rows, picture.Columns, 3) and picture.BurnedInAnnotation == "YES"
    if not told["maps"]:
        continue
    seg = highdicom.seg.segread(f"{stem}-SEG.dcm")
    assert seg.number_of_segments == len(told["maps"]) and seg.pixel_array.shape[-2:] == (told["rows"], told["columns"])
    planes = seg.get_pixels_by_source_instance([told["sopInstanceUid"]])
    for number in seg.segment_numbers:
        description = seg.get_segment_description(number)
        x, y = tracked[description.tracking_uid]
        rows, columns = numpy.nonzero(planes[0, :, :, number - 1])
        assert len(rows) > 0
        # The outline of the SR encloses the segment of the same finding.
        assert min(x) <= columns.min() + 1 and columns.max() <= max(x) + 1, "columns"
        assert min(y) <= rows.min() + 1 and rows.max() <= max(y) + 1, "rows"
    segmentations += 1
print(f"pydicom {pydicom.__version__} and highdicom {highdicom.__version__}: {reports} SR, {segmentations} SEG, the same numbers")
assert reports >= 12 and segmentations >= 8
