"""One equation: a table of persons goes in, outcome, outputs, category and reasons of each come out, as the service answers them."""

import functools
import hashlib
import importlib.resources
import json

import numpy
import onnxruntime
import pandas

from .conditions import holds
from .reading import out_of_range, read_column

ASSESSED, NOT_ASSESSED, REJECTED = "assessed", "not-assessed", "rejected"


def _folder():
    return importlib.resources.files(__package__) / "equations"


def available():
    """Ids of the equations in this package."""
    return sorted(entry.name for entry in _folder().iterdir() if (entry / "schema.json").is_file())


class Equation:
    def __init__(self, schema, graph):
        if hashlib.sha256(graph).hexdigest() != schema["modelSha256"]:
            raise ValueError(f"model.onnx of {schema['id']} is not the graph that schema.json names")
        options = onnxruntime.SessionOptions()
        # Spark and DuckDB divide the work among the cores; threads inside would only get in their way.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.schema = schema
        self.session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self.inputs = {each["name"]: each for each in schema["inputs"]}
        self.levels = {name: [level["code"] for level in each["levels"]] for name, each in self.inputs.items() if each["kind"] == "coded"}
        self._prove()

    def _prove(self):
        """A graph that does not reproduce its golden outputs here is not used."""
        golden = self.schema["golden"]
        columns = {name: numpy.array(values, dtype=numpy.float64) for name, values in golden["inputs"].items()}
        results = self.run(columns)
        for name, expected in golden["outputs"].items():
            wanted = numpy.array(expected, dtype=numpy.float64)
            got = results[f"out_{name}"]
            near = numpy.abs(got - wanted) <= golden["tolerance"] * numpy.maximum(1, numpy.abs(wanted))
            if not numpy.all((numpy.isnan(got) & numpy.isnan(wanted)) | near):
                raise ValueError(f"{self.schema['id']} does not reproduce its golden output {name}")

    def run(self, columns):
        """The bare graph: columns of float64 by input name, NaN for absent; `out_…` and `cat_…` columns come out."""
        names = [each.name for each in self.session.get_outputs()]
        return dict(zip(names, self.session.run(names, columns)))

    def output_columns(self):
        """Names and kinds (`string` or `double`) of the columns that `score` adds."""
        outputs = [(each["name"], "string" if each["labels"] else "double") for each in self.schema["outputs"]]
        return [("outcome", "string"), *outputs, ("category", "string"), ("reasons", "string")]

    def score(self, persons):
        """`persons`: a pandas table whose columns are inputs of this equation, in the units of schema.json. A column that it does not
        know is a ValueError: it may be a misspelt one."""
        strangers = [name for name in persons.columns if name not in self.inputs]
        if strangers:
            raise ValueError(f"{self.schema['id']} has no {', '.join(map(str, strangers))}")
        rows = len(persons)
        columns = {name: numpy.full(rows, numpy.nan) for name in self.inputs}
        rejections = numpy.full(rows, None, dtype=object)
        for name in persons.columns:
            spec = self.inputs[name]
            columns[name], bad = read_column(spec, persons[name])
            self._reject(rejections, bad, f"risk.bad-input:inputs.{name}")
            if "plausibleAge" in spec:
                low, high = spec["plausibleAge"]
                self._reject(rejections, (columns[name] < low) | (columns[name] > high), f"risk.impossible-age:inputs.{name}")
        rejected = rejections != None  # noqa: E711 - elementwise
        for numbers in columns.values():
            numbers[rejected] = numpy.nan
        results = self.run(columns)
        return self._answer(columns, results, rejected, rejections)

    @staticmethod
    def _reject(rejections, where, reason):
        rejections[where & (rejections == None)] = reason  # noqa: E711 - the first reason of a row stands

    def _answer(self, columns, results, rejected, rejections):
        rows = len(rejected)
        outputs = self.schema["outputs"]
        headlines = [each for each in outputs if each["role"] == "headline"]
        answered = numpy.full(rows, -1)
        for place, headline in reversed(list(enumerate(headlines))):
            answered[numpy.isfinite(results[f"out_{headline['name']}"])] = place
        assessed = (answered >= 0) & ~rejected
        table = {"outcome": numpy.where(rejected, REJECTED, numpy.where(assessed, ASSESSED, NOT_ASSESSED))}
        for each in outputs:
            values = numpy.where(assessed, results[f"out_{each['name']}"], numpy.nan)
            table[each["name"]] = self._labelled(values, each["labels"]) if each["labels"] else values
        category = numpy.full(rows, None, dtype=object)
        for place, headline in enumerate(headlines):
            if headline["categories"]:
                codes = numpy.array([*headline["categories"], None], dtype=object)
                mine = assessed & (answered == place)
                category[mine] = codes[results[f"cat_{headline['name']}"][mine].astype(int)]
        table["category"] = category
        reasons = rejections.copy()
        refused = ~assessed & ~rejected
        reasons[refused] = self._reasons({name: numbers[refused] for name, numbers in columns.items()}, int(refused.sum()))
        table["reasons"] = reasons
        return pandas.DataFrame(table)

    @staticmethod
    def _labelled(values, labels):
        words = numpy.array([*labels, None], dtype=object)
        return words[numpy.where(numpy.isnan(values), len(labels), values).astype(int)]

    def _reasons(self, columns, rows):
        """Why each of these rows is not assessed, in the words of `haidang risk cohort`."""
        said = [[] for _ in range(rows)]

        def say(where, code, field):
            for row in numpy.flatnonzero(where):
                said[row].append(f"{code}:{field}")

        headline = next((each for each in self.schema["outputs"] if each["role"] == "headline"), None)
        for name, spec in self.inputs.items():
            absent = numpy.isnan(columns[name])
            if headline is not None and name in headline["needs"]:
                say(absent, "risk.needs-input", name)
            if spec["kind"] == "number":
                code = "risk.out-of-range" if spec["range"]["source"] == "published" else "risk.implausible"
                say(out_of_range(spec, columns[name]), code, name)
        for check in self.schema["checks"]:
            say(holds(check["when"], columns, self.levels), "risk.input-error", check["field"])
        if headline is not None and headline["excludes"]:
            excluded = functools.reduce(numpy.logical_or, [holds(tree, columns, self.levels) for tree in headline["excludes"]])
            say(excluded, "risk.excluded", headline["name"])
        return [";".join(each) if each else "risk.nothing-computed" for each in said]


@functools.lru_cache(maxsize=None)
def load(equation_id):
    """Once per process: a Spark worker keeps it for all its tasks."""
    folder = _folder() / equation_id
    if not (folder / "schema.json").is_file():
        raise ValueError(f"there is no {equation_id}; there are: {', '.join(available())}")
    return Equation(json.loads((folder / "schema.json").read_text(encoding="utf-8")), (folder / "model.onnx").read_bytes())
