"""A plain LinUCB in NumPy over the selector's own JSON: one process, one line of JSON in for each workload, one out.

Disjoint models (Li, Chu, Langford & Schapire, WWW 2010, algorithm 1), whose inverses are worked out once, before the
clock runs. `loop` scores arm after arm, as the paper's algorithm is written; `batched` scores all requests of a batch
and all their arms by matrix products, which every request having the same candidates allows it to.
"""

import base64
import json
import struct
import sys
import time

import numpy as np

NOISE, EXPLORATION = 0.5, 1.0


def models(path):
    with open(path, encoding="utf-8") as file:
        arms = json.load(file)
    solved = {}
    for name, packed in arms.items():
        data = base64.b64decode(packed)
        (d,) = struct.unpack_from("<H", data, 33)
        numbers = np.frombuffer(data, dtype="<f8", offset=35)
        matrix = np.zeros((d, d))
        matrix[np.triu_indices(d)] = numbers[: d * (d + 1) // 2]
        matrix = matrix + np.triu(matrix, 1).T
        solved[name] = (matrix, numbers[d * (d + 1) // 2 :])
    return solved


class LinUcb:
    def __init__(self, learnt, ridge, candidates):
        self.inverses, self.thetas = {}, {}
        for candidate in candidates:
            name = candidate["id"]
            matrix, b = learnt[name]
            inverse = np.linalg.inv(matrix + ridge * np.eye(len(b)))
            prior = np.zeros(len(b))
            prior[0] = ridge * candidate["prior_quality"]
            self.inverses[name], self.thetas[name] = inverse, inverse @ (b + prior)
        self.all_inverses = np.stack([self.inverses[one["id"]] for one in candidates])
        self.all_thetas = np.stack([self.thetas[one["id"]] for one in candidates])

    def loop(self, requests):
        results = []
        for request in requests:
            x, w = np.array(request["features"]), request["weights"]
            ranking = []
            for candidate in request["candidates"]:
                name = candidate["id"]
                mean = float(self.thetas[name] @ x)
                deviation = NOISE * float(np.sqrt(x @ self.inverses[name] @ x))
                ranking.append(ranked(w, candidate, mean, deviation))
            results.append(result(request, ranking))
        return results

    def batched(self, requests):
        x = np.array([request["features"] for request in requests])
        means = (x @ self.all_thetas.T).tolist()
        spreads = np.einsum("kri,ri->rk", x @ self.all_inverses, x)
        deviations = (NOISE * np.sqrt(spreads)).tolist()
        results = []
        for request, mean, deviation in zip(requests, means, deviations):
            w = request["weights"]
            parts = zip(request["candidates"], mean, deviation)
            results.append(result(request, [ranked(w, *part) for part in parts]))
        return results


def ranked(w, candidate, mean, deviation):
    offset = -w["cost"] * candidate["cost_usd"] / w["cost_scale_usd"]
    offset -= w["latency"] * candidate["latency_ms"] / w["latency_scale_ms"]
    score = w["quality"] * (mean + EXPLORATION * deviation) + offset
    return {"id": candidate["id"], "quality": mean, "uncertainty": deviation, "score": score, "propensity": 0.0}


def result(request, ranking):
    ranking.sort(key=lambda one: -one["score"])
    ranking[0]["propensity"] = 1.0
    return {"id": request["id"], "ranking": ranking}


def repeat(call, seconds, least):
    taken, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(taken) < least:
        started = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - started))
    return taken


def measure(job):
    with open(job["event"], encoding="utf-8") as file:
        event = file.read()
    first = json.loads(event)["requests"][0]
    model = LinUcb(models(job["arms"]), first["params"]["lambda"], first["candidates"])
    way, decided = getattr(model, job["way"]), []

    def call():
        requests = json.loads(event)["requests"]
        started = time.perf_counter()
        results = way(requests)
        decided.append(1e6 * (time.perf_counter() - started))
        return json.dumps({"contract": 1, "results": results})

    reply = json.loads(call())
    repeat(call, job["ms"] / 10_000, 1)
    taken = sorted(repeat(call, job["ms"] / 1000, job["min_calls"]))
    at = lambda share: taken[int((len(taken) - 1) * share)]
    return {
        "calls": len(taken),
        "mean_ms": sum(taken) / len(taken),
        "p50_ms": at(0.5),
        "p99_ms": at(0.99),
        "decide_us": sorted(decided)[len(decided) // 2],
        "chosen": [one["ranking"][0]["id"] for one in reply["results"]],
    }


for line in sys.stdin:
    print(json.dumps(measure(json.loads(line))), flush=True)
