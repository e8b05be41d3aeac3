"""PyTorch's times for the rows of server/cuda-bench: name, eager and torch.compile in microseconds, by tabs."""
import math
import statistics
import sys
import time

import torch
from torch import nn

DEVICE = "cuda"


def microseconds(run):
    """The median of five rounds of 0.3 s."""
    once = math.inf
    for _ in range(10):
        start = time.perf_counter()
        run()
        torch.cuda.synchronize()
        once = min(once, time.perf_counter() - start)
    together = max(1, min(10_000, int(0.02 / once)))
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        count = 0
        while time.perf_counter() - start < 0.3:
            for _ in range(together):
                run()
            torch.cuda.synchronize()
            count += together
        rounds.append((time.perf_counter() - start) / count * 1e6)
    return statistics.median(rounds)


def row(name, make):
    """Makes the work twice, as it is and compiled."""
    cells = []
    for compiled in (False, True):
        try:
            cells.append(f"{microseconds(make(compiled)):.1f}")
        except Exception as e:  # no compiler, no memory: the table says so
            cells.append(type(e).__name__)
        torch.cuda.empty_cache()
    print(name, *cells, sep="\t", flush=True)


def matmul(n, tf32):
    def make(compiled):
        torch.backends.cuda.matmul.allow_tf32 = tf32
        a, b = torch.randn(n, n, device=DEVICE), torch.randn(n, n, device=DEVICE)
        out = torch.empty(n, n, device=DEVICE)
        if compiled:
            product = torch.compile(torch.matmul)
            return lambda: product(a, b)
        return lambda: torch.matmul(a, b, out=out)
    return make


def tanh(compiled):
    x = torch.randn(1 << 24, device=DEVICE)
    run = torch.compile(torch.tanh) if compiled else torch.tanh
    return lambda: run(x)


def step(batch, *widths):
    def make(compiled):
        torch.backends.cuda.matmul.allow_tf32 = False
        layers = []
        for i, o in zip(widths, widths[1:]):
            layers += [nn.Linear(i, o), nn.ReLU()]
        model = nn.Sequential(*layers[:-1]).to(DEVICE)
        adam = torch.optim.Adam(model.parameters(), 1e-3)
        x = torch.rand(batch, widths[0], device=DEVICE)
        y = torch.arange(batch, device=DEVICE) * 7 % widths[-1]

        def forward():
            return nn.functional.cross_entropy(model(x), y)
        loss = torch.compile(forward, mode="reduce-overhead") if compiled else forward

        def run():
            adam.zero_grad()
            loss().backward()
            adam.step()
        return run
    return make


def scalars(compiled):
    x, a, b = (torch.tensor(v, device=DEVICE, requires_grad=True) for v in (0.5, 1.25, -0.125))

    def graph():
        y = x
        for _ in range(333):
            y = torch.tanh(y * a + b)
        return y

    def run():
        x.grad = a.grad = b.grad = None
        graph().backward()
    if compiled:
        raise NotImplementedError("a loop of 333 rounds is unrolled for minutes")
    return run


if not torch.cuda.is_available():
    sys.exit("PyTorch finds no GPU")
print(f"PyTorch {torch.__version__}", file=sys.stderr)
for size in (1024, 2048, 4096, 8192):
    row(f"matmul {size}", matmul(size, False))
    row(f"matmul {size} tf32", matmul(size, True))
row("tanh 16M", tanh)
row("step 784-256-256-10, batch 64", step(64, 784, 256, 256, 10))
row("step 784-256-256-10, batch 4096", step(4096, 784, 256, 256, 10))
row("scalar graph of 1,000", scalars)
row("step of 50M parameters, batch 256", step(256, 4096, 4096, 4096, 4096, 10))
