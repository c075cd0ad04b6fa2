"""Train a small neural network to read handwritten digits.

    python train.py [--data DIR] [--results DIR] [--epochs N] [--copies N] [--hidden N] [--seed N]

Reads DIR/digits.csv.gz, prints one line an epoch, and writes metrics.json, model.joblib and learning-curve.svg. As a
job the folders are mounted under /project; beside this file they are ../data and ../results, so that it also runs
without a platform.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

# matrices this small are slower on several threads, much slower on a busy machine; read when numpy is imported
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import joblib
import numpy as np
from figure import draw
from scipy.ndimage import affine_transform
from sklearn.metrics import confusion_matrix, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

PROJECT = Path(__file__).resolve().parent.parent
SIDE = 8  # pixels
WHITE_TO_BLACK = 16.0

BOLD, DIM, GREEN, END = "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[0m"


def load(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, 64) from 0 to 1, and their digits (n,)."""
    table = np.loadtxt(folder / "digits.csv.gz", delimiter=",", skiprows=1, dtype=np.float32)
    return table[:, :-1] / WHITE_TO_BLACK, table[:, -1].astype(int)


def distorted(images: np.ndarray, mixed: np.random.Generator) -> np.ndarray:
    """The digits as another hand might write them: turned up to 14°, 12 % larger or smaller, moved by 0.8 pixels."""
    copies = np.empty_like(images)
    middle = (SIDE - 1) / 2
    for index, image in enumerate(images.reshape(-1, SIDE, SIDE)):
        angle, scale = mixed.uniform(-0.24, 0.24), mixed.uniform(0.88, 1.12)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) / scale
        offset = middle - turn @ (middle + mixed.uniform(-0.8, 0.8, 2))
        copies[index] = affine_transform(image, turn, offset, order=1).ravel()
    return copies


def train(options: argparse.Namespace) -> dict:
    """Train, print, write; returns the metrics."""
    images, digits = load(options.data)
    seen, held, seen_digits, held_digits = train_test_split(
        images, digits, test_size=0.2, stratify=digits, random_state=options.seed
    )
    print(f"{BOLD}{len(digits)} digits{END}: {len(seen)} to learn from, {len(held)} held back")

    model = MLPClassifier(
        hidden_layer_sizes=(options.hidden, options.hidden // 2),
        alpha=1e-3,
        batch_size=32,
        learning_rate_init=1e-3,
        random_state=options.seed,
    )
    mixed = np.random.default_rng(options.seed)
    history, best = [], 0.0
    started = time.perf_counter()
    for epoch in range(1, options.epochs + 1):
        # the images as they are, and freshly distorted copies, in a new order every time
        more = np.concatenate([seen, *(distorted(seen, mixed) for _ in range(options.copies))])
        order = mixed.permutation(len(more))
        model.partial_fit(more[order], np.tile(seen_digits, options.copies + 1)[order], classes=np.arange(10))
        row = {
            "epoch": epoch,
            "loss": round(float(model.loss_), 5),
            "valid_loss": round(float(log_loss(held_digits, model.predict_proba(held))), 5),
            "train_accuracy": round(float(model.score(seen, seen_digits)), 5),
            "valid_accuracy": round(float(model.score(held, held_digits)), 5),
        }
        history.append(row)
        mark = ""
        if row["valid_accuracy"] > best:
            best, mark = row["valid_accuracy"], f"  {GREEN}✓ best{END}"
        print(
            f"epoch {epoch:>2}/{options.epochs}  loss {row['loss']:.4f}  train {row['train_accuracy']:.3f}  "
            f"valid {BOLD}{row['valid_accuracy']:.3f}{END}  {DIM}{time.perf_counter() - started:4.1f} s{END}{mark}",
            flush=True,
        )

    confusion = confusion_matrix(held_digits, model.predict(held), labels=np.arange(10))
    metrics = {
        "valid_accuracy": history[-1]["valid_accuracy"],
        "best_valid_accuracy": best,
        "mistakes": int(confusion.sum() - np.trace(confusion)),
        "held_back": len(held),
        "epochs": options.epochs,
        "copies": options.copies,
        "hidden": options.hidden,
        "seed": options.seed,
        "seconds": round(time.perf_counter() - started, 2),
        "history": history,
        "confusion": confusion.tolist(),
    }
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    joblib.dump(model, options.results / "model.joblib")
    (options.results / "learning-curve.svg").write_text(draw(metrics), encoding="utf-8")
    print(
        f"{GREEN}{BOLD}{metrics['valid_accuracy']:.1%}{END} of the digits held back are read right "
        f"({metrics['mistakes']} of {len(held)} wrong)"
    )
    return metrics


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a small neural network to read handwritten digits.")
    parser.add_argument("--data", type=Path, default=PROJECT / "data", help="folder with digits.csv.gz")
    parser.add_argument("--results", type=Path, default=PROJECT / "results", help="folder to write to")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--copies", type=int, default=8, help="distorted copies of each image, made anew each epoch")
    parser.add_argument("--hidden", type=int, default=192, help="neurons of the first layer; the second has half")
    parser.add_argument("--seed", type=int, default=7)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
