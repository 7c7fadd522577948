"""What five Python clients do with an edge and the platform. One client for each run: python client.py requests DIR."""

import asyncio
import hashlib
import json
import os
import pathlib
import sys

with open(os.path.join(sys.argv[2], "task.json"), encoding="utf-8") as file:
    TASK = json.load(file)
AUTH = {"Authorization": "Bearer " + TASK["token"]}
UPLOAD = {
    "Authorization": "Bearer " + TASK["api_key"],
    "Tallystick-Manifest": TASK["manifest"],
    "Content-Type": "application/octet-stream",
}
LENGTH = TASK["length"]
HALF = LENGTH // 2


def right(content):
    assert hashlib.sha256(content).hexdigest() == TASK["sha256"], f"{len(content)} bytes, not the work"


def equal(found, wanted):
    assert found == wanted, f"{found!r} where {wanted!r} is right"


def work():
    return pathlib.Path(TASK["upload"]).read_bytes()


def report(acts):
    for name, act in acts.items():
        try:
            act()
            print(name, "yes")
        except Exception as problem:  # each act stands for itself
            print(name, "FAILED", type(problem).__name__, str(problem).replace("\n", " "))


def plain(session, get, head, post):
    """requests and httpx differ in names only."""

    def whole():
        right(get(TASK["work"], headers=AUTH).content)

    def ranged():
        answer = get(TASK["work"], headers={**AUTH, "Range": "bytes=100-199"})
        equal((answer.status_code, len(answer.content)), (206, 100))

    def resume():
        first = get(TASK["work"], headers={**AUTH, "Range": f"bytes=0-{HALF - 1}"})
        rest = get(
            TASK["work"], headers={**AUTH, "Range": f"bytes={HALF}-", "If-Range": first.headers["ETag"]}
        )
        equal(rest.status_code, 206)
        right(first.content + rest.content)

    def conditional():
        tag = head(TASK["work"], headers=AUTH).headers["ETag"]
        equal(get(TASK["work"], headers={**AUTH, "If-None-Match": tag}).status_code, 304)

    def heads():
        answer = head(TASK["work"], headers=AUTH)
        equal((answer.status_code, int(answer.headers["Content-Length"])), (200, LENGTH))

    def empty():
        answer = get(TASK["empty"], headers={**AUTH, "Range": "bytes=0-"})
        equal((answer.status_code, answer.content), (200, b""))

    def upload():
        equal(post(TASK["uploads"], work(), UPLOAD), 201)

    report(
        {
            "whole": whole,
            "range": ranged,
            "resume": resume,
            "conditional": conditional,
            "HEAD": heads,
            "empty": empty,
            "upload": upload,
        }
    )


def requests_client():
    import requests

    with requests.Session() as s:
        plain(s, s.get, s.head, lambda url, data, headers: s.post(url, data=data, headers=headers).status_code)


def httpx_client():
    import httpx

    with httpx.Client(timeout=60) as s:
        plain(s, s.get, s.head, lambda url, data, headers: s.post(url, content=data, headers=headers).status_code)


def aiohttp_client():
    import aiohttp

    class Answer:
        def __init__(self, status, headers, content):
            self.status_code, self.headers, self.content = status, headers, content

    async def one(method, url, headers, data=None):
        async with aiohttp.ClientSession() as session:
            async with session.request(method, url, headers=headers, data=data) as answer:
                return Answer(answer.status, answer.headers, await answer.read())

    def call(method):
        return lambda url, headers: asyncio.run(one(method, url, headers))

    plain(
        None,
        call("GET"),
        call("HEAD"),
        lambda url, data, headers: asyncio.run(one("POST", url, headers, data)).status_code,
    )


def fsspec_client():
    import fsspec

    files = fsspec.filesystem("http", client_kwargs={"headers": AUTH})

    def ranged():
        equal(len(files.cat_file(TASK["work"], start=100, end=200)), 100)
        with files.open(TASK["work"], block_size=1 << 16) as file:
            file.seek(LENGTH - 8)  # as readers of Parquet and ZIP begin
            equal(len(file.read()), 8)

    def empty():
        equal(files.cat(TASK["empty"]), b"")
        with files.open(TASK["empty"]) as file:
            equal(file.read(), b"")

    report(
        {
            "whole": lambda: right(files.cat(TASK["work"])),
            "range": ranged,
            "HEAD": lambda: equal(files.info(TASK["work"])["size"], LENGTH),
            "empty": empty,
        }
    )


def huggingface_hub_client():
    from huggingface_hub.file_download import get_hf_file_metadata, http_get

    def fetched(url, name, begin=b""):
        path = pathlib.Path(sys.argv[2], name)
        path.write_bytes(begin)
        with open(path, "ab") as file:
            http_get(url, file, resume_size=len(begin), headers=dict(AUTH))
        return path.read_bytes()

    def resume():
        whole = pathlib.Path(sys.argv[2], "hub").read_bytes()
        right(fetched(TASK["work"], "hub-resumed", whole[:HALF]))

    def heads():
        found = get_hf_file_metadata(TASK["work"], headers=dict(AUTH))
        equal(found.size, LENGTH)

    report(
        {
            "whole": lambda: right(fetched(TASK["work"], "hub")),
            "resume": resume,
            "HEAD": heads,
            "empty": lambda: equal(fetched(TASK["empty"], "hub-empty"), b""),
        }
    )


globals()[sys.argv[1] + "_client"]()
