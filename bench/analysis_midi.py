"""MIDI files as far as the benchmark needs them: writing notes, and reading the tempo."""
import dataclasses
import math
import struct

TICKS = 960  # of a beat


def _length(value):
    """A number in groups of seven bits, the way MIDI files write lengths."""
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(0x80 | value & 0x7F)
    return bytes(reversed(groups))


class Song:
    def __init__(self):
        self.events = []  # (tick, order, bytes)

    def _add(self, beat, order, data):
        self.events.append((round(beat * TICKS), order, bytes(data)))

    def tempo(self, beat, bpm):
        self._add(beat, 0, b"\xff\x51\x03" + struct.pack(">I", round(60e6 / bpm))[1:])

    def wander(self, bpm, *, depth, beats, phase, until):
        """The tempo swings around `bpm`, once in `beats`; the mean of its logarithm is that of `bpm`."""
        for quarter in range(int(until * 4) + 1):
            swing = depth * math.sin(2 * math.pi * quarter / 4 / beats + phase)
            self.tempo(quarter / 4, bpm * math.exp(swing))

    def program(self, channel, number):
        self._add(0, 1, (0xC0 | channel, number))

    def bend(self, channel, cents):
        """By the pitch wheel, whose range is two semitones."""
        value = max(0, min(16383, 8192 + round(cents / 200 * 8192)))
        self._add(0, 1, (0xE0 | channel, value & 0x7F, value >> 7))

    def note(self, channel, note, beat, beats, velocity):
        self._add(beat, 3, (0x90 | channel, note, velocity))
        self._add(beat + beats, 2, (0x80 | channel, note, 0))

    def to_bytes(self):
        track = b""
        last = 0
        for tick, _, data in sorted(self.events):
            track += _length(tick - last) + data
            last = tick
        track += b"\x00\xff\x2f\x00"
        return b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS) + b"MTrk" + struct.pack(">I", len(track)) + track


@dataclasses.dataclass
class Tempo:
    bpm: float
    steady: bool


def _read_length(data, at):
    value = 0
    while True:
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def _tempo_events(track):
    """(tick, microseconds a beat) of one track."""
    at = tick = status = 0
    while at < len(track):
        step, at = _read_length(track, at)
        tick += step
        if track[at] & 0x80:
            status = track[at]
            at += 1
        if status == 0xFF:
            kind = track[at]
            size, at = _read_length(track, at + 1)
            if kind == 0x51:
                yield tick, int.from_bytes(track[at:at + 3], "big")
            at += size
        elif status in (0xF0, 0xF7):
            size, at = _read_length(track, at)
            at += size
        else:
            at += 1 if status & 0xF0 in (0xC0, 0xD0) else 2


def main_tempo(data, seconds):
    """The tempo that holds for the longest part of the first `seconds`; steady where it holds for 95 % of them."""
    division = struct.unpack(">H", data[12:14])[0]
    events = []
    at = 14
    while at + 8 <= len(data):
        size = struct.unpack(">I", data[at + 4:at + 8])[0]
        if data[at:at + 4] == b"MTrk":
            events += _tempo_events(data[at + 8:at + 8 + size])
        at += 8 + size
    events = [(0, 500000)] + sorted(events) + [(10**9, 500000)]
    time, shares = 0.0, {}
    for (tick, beat_us), (next_tick, _) in zip(events, events[1:]):
        step = min((next_tick - tick) / division * beat_us / 1e6, seconds - time)
        shares[beat_us] = shares.get(beat_us, 0) + max(step, 0)
        time += max(step, 0)
    best = max(shares, key=shares.get)
    return Tempo(60e6 / best, shares[best] >= 0.95 * seconds)
