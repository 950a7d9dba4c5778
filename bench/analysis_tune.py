#!/usr/bin/env python3
"""Fits the constants of src/analysis/tempo_model.h and key_model.h to the tuning half of analysis_pieces.py and prints them.

Usage: python3 bench/analysis_tune.py PROBE   (build/release/bench/bench_analysis_probe; needs python3-scipy)

Both models are conditional logits: each candidate (a tempo level, a key) has cues, weights make them a logit, and softmax
its probability. How sure that is follows from a second, small logistic regression on answers to pieces that were left out of the
fit, six parts in turn; the share of right answers among those is printed too, as is that for styles never seen.
"""
import json
import pathlib
import subprocess
import sys

import numpy as np
from scipy.optimize import minimize

import analysis_pieces

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "build" / "bench" / "analysis"
PARTS = 6
TEMPO_RIDGE = 1.0
KEY_RIDGE = 3.0
# Temperley, "Music and Probability" (2007), table 6.1: what the weights of the key are drawn to.
TEMPERLEY = {"major": [.748, .06, .488, .082, .67, .46, .096, .715, .104, .366, .057, .4],
             "minor": [.712, .084, .474, .618, .049, .46, .105, .747, .404, .067, .133, .33]}
PROFILE_SCALE, BASS_SHARE = 1.2, 0.3
NOTE_COMPRESSION = 50


def standardized(values):
    values = np.asarray(values, float)
    return (values - values.mean()) / (values.std() + 1e-9)


class Logit:
    """Cases are (cues of each candidate, index of the right one)."""

    def __init__(self, cases, ridge, start, scale):
        self.ridge, self.start, self.scale = ridge, start, scale
        self.weights = minimize(self._loss, start.copy(), args=(cases,), jac=True, method="L-BFGS-B").x

    def _loss(self, weights, cases):
        off = weights - self.start
        loss, gradient = self.ridge * off @ off, 2 * self.ridge * off
        for cues, right in cases:
            scaled = cues / self.scale
            p = softmax(scaled @ weights)
            loss -= np.log(p[right] + 1e-12)
            gradient = gradient - (scaled[right] - p @ scaled)
        return loss, gradient

    def probabilities(self, cues):
        return softmax(cues / self.scale @ self.weights)


def softmax(logits):
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def logit(p):
    p = min(max(p, 1e-4), 1 - 1e-4)
    return np.log(p / (1 - p))


def left_out(cases, folds, ridge, start, scale):
    """For each case, the probabilities by a fit to the other folds."""
    answers = [None] * len(cases)
    for fold in sorted(set(folds)):
        model = Logit([c for c, f in zip(cases, folds) if f != fold], ridge, start, scale)
        for i, (cues, _) in enumerate(cases):
            if folds[i] == fold:
                answers[i] = model.probabilities(cues)
    return answers


def fit_confidence(rows, right):
    """Weights of a logistic regression, drawn a little to trusting the model's own probability."""
    rows, right = np.array(rows), np.array(right, float)
    start = np.zeros(rows.shape[1])
    start[1] = 1

    def loss(weights):
        logits = rows @ weights
        return np.sum(np.logaddexp(0, logits) - right * logits) + np.sum((weights - start) ** 2)
    return minimize(loss, start).x


def share_right(cases, answers):
    return np.mean([a.argmax() == right for (_, right), a in zip(cases, answers)])


def report(what, cases, names, ridge, start, scale):
    parts = left_out(cases, [i % PARTS for i in range(len(cases))], ridge, start, scale)
    styles = left_out(cases, names, ridge, start, scale)
    print(f"// {what}: {len(cases)} pieces; right when left out {share_right(cases, parts):.3f}, "
          f"when the whole style was {share_right(cases, styles):.3f}")
    return parts


def print_array(name, values):
    print(f"inline constexpr std::array<double, {len(values)}> {name} = {{{', '.join(f'{v:.4f}' for v in values)}}};")


def tune_tempo(measured):
    cases, names, pulses = [], [], []
    for piece, got in measured:
        levels = got["levels"]
        right = [i for i, level in enumerate(levels) if abs(level["bpm"] / piece.bpm - 1) < 0.04]
        if right:
            cases.append((np.array([level["cues"] for level in levels]), right[0]))
            names.append(piece.group)
            pulses.append(got["pulse"])
    scale = np.concatenate([cues for cues, _ in cases]).std(0) + 1e-9
    start = np.zeros(len(scale))
    answers = report("tempo", cases, names, TEMPO_RIDGE, start, scale)
    print_array("level_weights", Logit(cases, TEMPO_RIDGE, start, scale).weights / scale)
    # Pieces whose tempo is on no level at all are wrong answers too.
    rows = [(1, logit(a.max()), pulse) for a, pulse in zip(answers, pulses)]
    right = [a.argmax() == r for (_, r), a in zip(cases, answers)]
    model = Logit(cases, TEMPO_RIDGE, start, scale)
    for piece, got in measured:
        levels = got["levels"]
        if levels and not any(abs(level["bpm"] / piece.bpm - 1) < 0.04 for level in levels):
            p = model.probabilities(np.array([level["cues"] for level in levels])).max()
            rows.append((1, logit(p), got["pulse"]))
            right.append(False)
    print_array("confidence_weights", fit_confidence(rows, right))


def key_cues(got):
    notes = standardized(np.log1p(NOTE_COMPRESSION * np.array(got["notes"])))
    bass = standardized(np.log1p(NOTE_COMPRESSION * np.array(got["bass"])))
    rows = []
    for tonic in range(12):
        cues = np.concatenate([np.roll(notes, -tonic), np.roll(bass, -tonic)])
        rows.append(np.concatenate([cues, np.zeros(24), [0]]))
        rows.append(np.concatenate([np.zeros(24), cues, [1]]))
    return np.array(rows)


def tune_key(measured):
    cases, names, agreements = [], [], []
    for piece, got in measured:
        if not piece.key:
            continue
        note, mode = piece.key.split()
        tonic = analysis_pieces.NOTE_NAMES[mode].index(note)
        cases.append((key_cues(got), 2 * tonic + (mode == "minor")))
        names.append(piece.group)
        agreements.append(got["agreement"])
    start = np.concatenate([np.concatenate([standardized(TEMPERLEY[m]), BASS_SHARE * standardized(TEMPERLEY[m])])
                            for m in ("major", "minor")] + [[0]]) * PROFILE_SCALE
    scale = np.ones(len(start))
    answers = report("key", cases, names, KEY_RIDGE, start, scale)
    weights = Logit(cases, KEY_RIDGE, start, scale).weights
    for mode, at in (("major", 0), ("minor", 24)):
        print_array(f"{mode}_notes", weights[at:at + 12])
        print_array(f"{mode}_bass", weights[at + 12:at + 24])
    print(f"inline constexpr double minor_bias = {weights[48]:.4f};")
    rows = [(1, logit(a.max()), agreement) for a, agreement in zip(answers, agreements)]
    print_array("confidence_weights", fit_confidence(rows, [a.argmax() == r for (_, r), a in zip(cases, answers)]))
    drums = [got["agreement"] for piece, got in measured if piece.key_known and not piece.key]
    print(f"// agreement: of drums at most {max(drums):.3f}, of music at least {min(agreements):.3f}")


def main():
    pieces = [p for p in analysis_pieces.pieces() if p.tuning_half]
    paths = [analysis_pieces.render(p, FOLDER) for p in pieces]
    lines = subprocess.run([sys.argv[1], "--cues", *paths], check=True, capture_output=True, text=True).stdout
    measured = list(zip(pieces, map(json.loads, lines.splitlines())))
    tune_tempo(measured)
    tune_key(measured)


if __name__ == "__main__":
    main()
