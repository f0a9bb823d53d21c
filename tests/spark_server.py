"""A Spark server of its own for the tests, of the kinds that a profile can name, from what pip installs."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

HERE = "127.0.0.1"
SECONDS_TO_START = 120
Started = tuple[list[str], dict[str, Any]]


def _thrift(port: int) -> Started:
    main = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"
    at = {"hive.server2.thrift.port": port, "hive.server2.thrift.bind.host": HERE}
    stated = [word for name, value in at.items() for word in ("--hiveconf", f"{name}={value}")]
    return ["--class", main, "spark-internal", *stated], {"method": "thrift", "host": HERE, "port": port}


def _connect(port: int) -> Started:
    main = "org.apache.spark.sql.connect.service.SparkConnectServer"
    at = {"spark.connect.grpc.binding.port": port, "spark.connect.grpc.binding.address": HERE}
    remote = {"spark.remote": f"sc://{HERE}:{port}"}
    return ["--class", main, *_stated(at), "spark-internal"], {
        "method": "session",
        "host": "NA",
        "server_side_parameters": remote,
    }


KINDS = {"thrift": _thrift, "connect": _connect}


@contextmanager
def spark_server(kind: str, parameters: Mapping[str, str], folder: Path) -> Iterator[dict[str, Any]]:
    """Run a server of that kind in `folder`; what a profile's output says to reach it."""
    import pyspark

    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    started, reached = KINDS[kind](port)
    spark = Path(pyspark.__file__).parent
    process = subprocess.Popen(
        [spark / "bin" / "spark-submit", *_stated(parameters), *started],
        cwd=folder, env={**os.environ, "SPARK_HOME": str(spark)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(process, port)
        yield reached
    finally:
        process.kill()
        process.wait(30)


def _stated(parameters: Mapping[str, Any]) -> list[str]:
    return [word for name, value in parameters.items() for word in ("--conf", f"{name}={value}")]


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        with suppress(OSError), socket.create_connection((HERE, port), 1):
            return
        time.sleep(0.2)
    pytest.fail("the server did not start")
