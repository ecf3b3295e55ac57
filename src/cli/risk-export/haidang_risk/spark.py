"""A job for Apache Spark: Parquet in, Parquet out, with outcome, scores, category and reasons of each person.

spark-submit --py-files haidang_risk.zip haidang_risk/spark.py --equation ID --input persons.parquet --output scores.parquet
python -m haidang_risk.spark --master 'local[*]' --equation ID --input persons.parquet --output scores.parquet
"""

import argparse

import pandas
from pyspark.sql import Column, SparkSession
from pyspark.sql.functions import col, pandas_udf, struct
from pyspark.sql.types import DoubleType, StringType, StructField, StructType

from haidang_risk import load


def result_type(equation_id):
    kinds = {"string": StringType(), "double": DoubleType()}
    return StructType([StructField(name, kinds[kind]) for name, kind in load(equation_id).output_columns()])


def risk(equation_id, names) -> Column:
    """A column of structs, one per person, from the columns of these names."""

    def score(persons: pandas.DataFrame) -> pandas.DataFrame:
        answers = load(equation_id).score(persons)
        # Spark's null, not a NaN that later sums would carry on.
        return answers.astype(object).where(answers.notna(), None)

    return pandas_udf(score, returnType=result_type(equation_id))(struct(*[col(name) for name in names]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--equation", required=True)
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--id", default="id", help="column that names the person in the answer")
    parser.add_argument("--master", help="for a run without spark-submit, for example local[*]")
    asked = parser.parse_args()
    builder = SparkSession.builder.appName(f"haidang {asked.equation}").config("spark.sql.execution.arrow.pyspark.enabled", "true")
    # A batch fits the cache of a core with all intermediate columns.
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "16384")
    spark = (builder.master(asked.master) if asked.master else builder).getOrCreate()
    persons = spark.read.parquet(asked.input)
    names = [name for name in persons.columns if name != asked.id]
    answers = persons.select(col(asked.id), risk(asked.equation, names).alias("risk")).select(asked.id, "risk.*")
    answers.write.mode("overwrite").parquet(asked.output)
    spark.stop()


if __name__ == "__main__":
    main()
