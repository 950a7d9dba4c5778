#!/usr/bin/env python3
"""What one peer says of the tempo and key of audio files, as lines of JSON. Runs in the interpreter that has the peer.

Usage: analysis_peer.py aubio|librosa|essentia FILE...
Each peer is used as its own documentation shows, with its defaults; `ms` is the CPU time from memory, without imports.
"""
import json
import sys
import time
import wave

import numpy as np

SHARPS = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
OURS = {"major": ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"],
        "minor": ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"]}


def load(path):
    with wave.open(path) as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
        return (raw.mean(axis=1) / 32768).astype(np.float32), file.getframerate()


def aubio_peer(samples, rate):
    import aubio
    hop = 512
    tempo = aubio.tempo("default", 2 * hop, hop, rate)
    beats = []
    for at in range(0, len(samples) - hop, hop):
        if tempo(samples[at:at + hop]):
            beats.append(tempo.get_last_s())
    bpm = float(np.median(60 / np.diff(beats))) if len(beats) > 1 else None
    return bpm, None


def librosa_peer(samples, rate):
    import librosa
    tempo, _ = librosa.beat.beat_track(y=samples, sr=rate)
    bpm = float(np.atleast_1d(tempo)[0])
    return bpm or None, None


def essentia_peer(samples, rate):
    import essentia
    import essentia.standard as es
    essentia.log.warningActive = False
    if rate != 44100:
        raise ValueError("essentia's rhythm extractor takes 44.1 kHz")
    bpm = float(es.RhythmExtractor2013(method="multifeature")(samples)[0])
    note, scale, _ = es.KeyExtractor()(samples)
    note = {"Db": "C#", "Eb": "D#", "Gb": "F#", "Ab": "G#", "Bb": "A#"}.get(note, note)
    return bpm or None, f"{OURS[scale][SHARPS.index(note)]} {scale}"


PEERS = {"aubio": aubio_peer, "librosa": librosa_peer, "essentia": essentia_peer}


def main():
    peer = PEERS[sys.argv[1]]
    peer(np.zeros(44100 * 4, np.float32), 44100)  # imports and compilers have their turn before the clock
    for path in sys.argv[2:]:
        samples, rate = load(path)
        begin = time.process_time()
        bpm, key = peer(samples, rate)
        took = 1000 * (time.process_time() - begin)
        print(json.dumps({"file": path, "bpm": bpm, "key": key, "ms": took}), flush=True)


if __name__ == "__main__":
    main()
