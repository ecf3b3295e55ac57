"""The same on one machine through DuckDB: Parquet in, Parquet out, a block of rows at a time, so that a file may be larger than memory.

python -m haidang_risk.duck --equation ID --input persons.parquet --output scores.parquet
"""

import argparse
import concurrent.futures
import os

import duckdb
import pyarrow
import pyarrow.parquet

from haidang_risk import load

ROWS_AT_ONCE = 65_536


def arrow_schema(equation, id_field):
    kinds = {"string": pyarrow.string(), "double": pyarrow.float64()}
    return pyarrow.schema([id_field, *[pyarrow.field(name, kinds[kind]) for name, kind in equation.output_columns()]])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--equation", required=True)
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--id", default="id", help="column that names the person in the answer")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    equation = load(asked.equation)
    reader = duckdb.connect().from_parquet(asked.input).to_arrow_reader(ROWS_AT_ONCE)
    schema = arrow_schema(equation, reader.schema.field(asked.id))

    def answer(batch):
        scores = equation.score(batch.drop_columns([asked.id]).to_pandas())
        columns = [pyarrow.Array.from_pandas(scores[name], type=schema.field(name).type) for name in scores.columns]
        return pyarrow.record_batch([batch.column(asked.id), *columns], schema=schema)

    with pyarrow.parquet.ParquetWriter(asked.output, schema) as writer, concurrent.futures.ThreadPoolExecutor(asked.threads) as pool:
        waiting = []
        for batch in reader:
            waiting.append(pool.submit(answer, batch))
            # No further ahead than the threads: memory stays bounded.
            if len(waiting) > asked.threads:
                writer.write_batch(waiting.pop(0).result())
        for each in waiting:
            writer.write_batch(each.result())


if __name__ == "__main__":
    main()
