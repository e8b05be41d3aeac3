"""Records how PyTorch prints tensors, for ReprTest: python3 repr.py > ../resources/repr.json

Any PyTorch from 1.13 on will do; the rules have not changed since. Each record has a tensor's dtype, shape and values
(or the pattern they follow, where there are many), the op that made it of them, and the text.
"""
import json
import math
import random
import sys

import torch

random.seed(20)
RECORDS = []
OPS = {
    "leaf": lambda x: x,
    "mul": lambda x: x * 1,
    "neg": lambda x: -x,
    "clone": lambda x: x.clone(),
    "sum": lambda x: x.sum(),
    "transpose": lambda x: x.transpose(0, -1),
}


def plain(value):
    """JSON has no nan and no infinity."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def record(values, shape, dtype, op="leaf", requires_grad=False, **extra):
    leaf = torch.tensor(values, dtype=dtype).reshape(shape)
    leaf.requires_grad_(requires_grad)
    entry = {"dtype": str(dtype), "shape": list(shape), "op": op, "requires_grad": requires_grad}
    entry.update(extra or {"values": [plain(value) for value in leaf.detach().reshape(-1).tolist()]})
    entry["text"] = repr(OPS[op](leaf))
    RECORDS.append(entry)


def number(kind):
    if kind == "whole":
        return float(random.randint(-30, 30))
    if kind == "large":
        return float(random.randint(-10**9, 10**9))
    if kind == "fraction":
        return random.uniform(-10, 10)
    if kind == "tie":
        return random.randint(-2**20, 2**20) / 2**random.randint(1, 20)
    if kind == "spread":
        return random.uniform(-1, 1) * 10 ** random.uniform(-12, 12)
    if kind == "tiny":
        return random.uniform(-1, 1) * 1e-5
    if kind == "odd":
        return random.choice([math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -2.5, 1e-40, 3e38])
    return random.choice([math.nan, math.inf, 0.0, -0.0, 3.0, -12.0])


SHAPES = [(), (1,), (3,), (7,), (12,), (40,), (1, 1), (2, 3), (3, 1), (4, 9), (2, 13), (2, 2, 3), (3, 1, 2), (1, 2, 2, 2)]
FLOATS = (torch.float32, torch.float64)
for shape in SHAPES:
    count = math.prod(shape)
    for kind in ("whole", "large", "fraction", "tie", "spread", "tiny", "odd", "whole odd"):
        dtype = random.choice(FLOATS)
        record([number(kind) for _ in range(count)], shape, dtype, "leaf", random.random() < 0.3)
    for op in ("mul", "neg", "clone", "sum") + (("transpose",) if shape else ()):
        record([number("fraction") for _ in range(count)], shape, random.choice(FLOATS), op, True)
    record([random.randint(-10**random.randint(0, 17), 10**9) for _ in range(count)], shape, torch.int64)
    record([random.random() < 0.5 for _ in range(count)], shape, torch.bool)
for value in (0.0, -0.0, 1e-4, 0.00010001, 99999.99999, 1e8, 100000001.0, 1e16, 0.5, 2.5, 5e-324, 1e-45, 1e308, 1e-8,
              0.00005, 1000.0, 1001.0, 999.99995, 9.99995, math.nan, math.inf, -math.inf):
    for dtype in FLOATS:
        record([value], (), dtype)
        record([value, 1.0], (2,), dtype)
        record([value, 0.5, -3.25], (3,), dtype, "leaf", True)
for value in (2**63 - 1, -2**63, 0, -1):
    record([value], (1,), torch.int64)
for shape in ((0,), (0, 3), (2, 0), (3, 0, 2)):
    for dtype in (torch.float32, torch.float64, torch.int64, torch.bool):
        record([], shape, dtype)
    record([], shape, torch.float64, "leaf", True)
    record([], shape, torch.float32, "neg", True)
for width in range(1, 90, 4):
    record([number("fraction") for _ in range(width)], (width,), torch.float64, "neg", True)
    record([number("whole") for _ in range(width)], (width,), torch.float32, "leaf", True)
    record([number("fraction") for _ in range(width)], (width,), torch.float32, "transpose", True)
for shape in ((1000,), (1001,), (5000,), (30, 40), (2, 600), (600, 2), (7, 200), (6, 200), (200, 6), (3, 20, 20),
              (20, 3, 20), (8, 8, 8, 8), (4, 5, 6, 6, 2), (1, 1, 1200), (11, 10, 10)):
    for modulus, divisor in ((1009, 8), (1009, 1), (13, 1), (100003, 1000)):
        count = math.prod(shape)
        values = [((i * 7919) % modulus - modulus // 2) / divisor for i in range(count)]
        for dtype in (random.choice(FLOATS), torch.int64):
            if dtype == torch.int64 and divisor > 1:
                continue
            record(values, shape, dtype, "leaf", dtype != torch.int64 and random.random() < 0.5,
                   modulus=modulus, divisor=divisor)

FORMATS = []
for value in (0.0, -0.0, 4.0, 0.1, 1 / 3, 1e16, 123456789012345680.0, 1e-5, 0.0001, 1e22, 2.5, 0.125, 1e-320, 5e-324,
              1.7976931348623157e308, 2.0**60, 2.0**-60, 9007199254740993.0, math.nan, math.inf, -math.inf, 0.00025,
              12345.6785, *(number("spread") for _ in range(12))):
    for dtype in FLOATS:
        tensor = torch.tensor(value, dtype=dtype)
        for spec in ("", ".4f", ".2f", ".0f", "8.3f", ".2e", ".0e", "12.4e", "f", "e", ".1%", "%"):
            FORMATS.append({"dtype": str(dtype), "value": plain(tensor.item()), "spec": spec,
                            "text": format(tensor, spec)})
for value in (0, 7, -123456789):
    for spec in ("", "d", "5d", ".2f"):
        FORMATS.append({"dtype": "torch.int64", "value": value, "spec": spec, "text": format(torch.tensor(value), spec)})

sys.stdout.write("{\"tensors\": [\n" + ",\n".join(json.dumps(r) for r in RECORDS) + "\n], \"formats\": [\n"
                 + ",\n".join(json.dumps(f) for f in FORMATS) + "\n]}\n")
