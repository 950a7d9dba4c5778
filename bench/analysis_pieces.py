"""Pieces of music whose tempo and key are known: loops in ten styles, hard cases, and the MIDI files of openttd-openmsx.

pieces() lists them; render() makes the sound with FluidSynth and keeps it below build/bench/analysis. Everything follows from
a piece's name, so each machine makes the same MIDI files. The name also decides by its hash in which half a piece is: constants are
tuned on one half and judged on the other.
"""
import dataclasses
import hashlib
import pathlib
import random
import struct
import subprocess
import wave

import analysis_midi as midi

FONTS = {"fluid": "/usr/share/sounds/sf2/FluidR3_GM.sf2", "timgm": "/usr/share/sounds/sf2/TimGM6mb.sf2"}
OPENMSX = pathlib.Path("/usr/share/games/openttd/baseset/openmsx")
RATE = 44100
LOOP_SECONDS = 16
SONG_SECONDS = 60
LOOPS_OF_A_STYLE = 20
NOTE_NAMES = {"major": ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"],
              "minor": ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"]}
SCALES = {"major": [0, 2, 4, 5, 7, 9, 11], "minor": [0, 2, 3, 5, 7, 8, 10]}
# Chords as steps of the scale; "V" is a major triad on the fifth step, as harmonic minor has it.
PROGRESSIONS = {"major": [[0, 4, 5, 3], [0, 5, 3, 4], [1, 4, 0, 0], [0, 3, 0, 4], [0, 2, 3, 4], [0, 3, 4, 0], [0, 1, 4, 0]],
                "minor": [[0, 5, 2, 6], [0, 3, 4, 0], [0, 6, 5, "V"], [0, 3, 6, 2], [0, 5, 3, "V"], [0, 0, 3, "V"],
                          [0, 6, 5, 6]]}
KICK, SNARE, CLAP, CLOSED, OPEN, RIDE, RIM, SHAKER, SIDE = 36, 38, 39, 42, 46, 51, 37, 70, 37


@dataclasses.dataclass
class Piece:
    name: str
    group: str            # the style or the case, or "openmsx"
    bpm: float | None     # None: none is right
    key: str | None       # "A minor"; None: there is none
    key_known: bool
    steady: bool
    font: str
    notes: bytes = b""    # a MIDI file
    seconds: float = LOOP_SECONDS

    @property
    def tuning_half(self):
        return hashlib.sha256(self.name.encode()).digest()[0] % 2 == 0

    @property
    def is_loop(self):
        return self.group in STYLES


@dataclasses.dataclass(frozen=True)
class Style:
    bpm: tuple            # lowest and highest
    drums: dict           # drum -> places in a bar of 16 sixteenths
    bass: tuple           # places in the bar
    chords: tuple
    swing: float = 0      # how late the second sixteenth (or eighth) of a pair is, in sixteenths
    swung: int = 1        # 1: sixteenths, 2: eighths
    programs: tuple = ((33, 38), (0, 4, 26), (80, 73, 65))  # of bass, chords and lead
    chord_length: float = 2


EIGHTHS = (0, 2, 4, 6, 8, 10, 12, 14)
ALL = tuple(range(16))
STYLES = {
    "house": Style((118, 130), {KICK: (0, 4, 8, 12), CLAP: (4, 12), OPEN: (2, 6, 10, 14), CLOSED: (0, 4, 8, 12)},
                   (2, 6, 10, 14), (0, 3, 6, 10), programs=((38, 39), (4, 16, 90), (80, 81))),
    "techno": Style((126, 145), {KICK: (0, 4, 8, 12), CLOSED: ALL, OPEN: (2, 6, 10, 14), CLAP: (4, 12)},
                    (0, 2, 3, 6, 7, 10, 11, 14, 15), (0, 8), programs=((38, 39), (90, 89), (81, 80)), chord_length=7),
    "hiphop": Style((80, 100), {KICK: (0, 7, 10), SNARE: (4, 12), CLOSED: EIGHTHS}, (0, 7, 10), (0, 8),
                    swing=0.3, programs=((33, 38), (4, 0), (73, 11)), chord_length=6),
    "dnb": Style((165, 178), {KICK: (0, 10), SNARE: (4, 12), CLOSED: EIGHTHS, RIDE: (2, 6, 10, 14)}, (0, 6, 10),
                 (0,), programs=((38, 39), (89, 90), (80, 81)), chord_length=15),
    "rock": Style((92, 160), {KICK: (0, 8, 10), SNARE: (4, 12), CLOSED: EIGHTHS}, EIGHTHS, (0, 4, 6, 8, 12, 14),
                  programs=((33, 34), (29, 30, 27), (30, 65))),
    "funk": Style((92, 118), {KICK: (0, 3, 6, 10), SNARE: (4, 7, 12, 15), CLOSED: ALL}, (0, 3, 6, 7, 10, 14),
                  (2, 3, 6, 11, 14), swing=0.1, programs=((36, 37), (28, 7, 16), (61, 65)), chord_length=0.7),
    "reggae": Style((66, 90), {KICK: (8,), SNARE: (8,), CLOSED: EIGHTHS, RIM: (8,)}, (0, 3, 6, 8, 11),
                    (4, 12), swing=0.15, programs=((33, 32), (28, 16), (65, 56)), chord_length=1),
    "swing": Style((110, 220), {RIDE: (0, 4, 6, 8, 12, 14), CLOSED: (4, 12), KICK: (0,), SIDE: (14,)}, (0, 4, 8, 12),
                   (0, 6), swing=0.6, swung=2, programs=((32,), (0, 26), (65, 56, 66))),
    "bossa": Style((110, 150), {KICK: (0, 6, 8, 14), RIM: (0, 6, 12), SHAKER: EIGHTHS}, (0, 6, 8, 14), (0, 3, 6, 11, 14),
                   programs=((32, 33), (24, 4), (73, 11))),
    "ballad": Style((58, 84), {KICK: (0, 8), SNARE: (4, 12), CLOSED: EIGHTHS}, (0, 8, 14), (0, 2, 4, 6, 8, 10, 12, 14),
                    programs=((33, 32), (0, 4), (73, 48, 40))),
}


def key_name(tonic, mode):
    return f"{NOTE_NAMES[mode][tonic]} {mode}"


def triad(tonic, mode, step):
    scale = SCALES[mode]
    if step == "V":
        return [tonic + 7, tonic + 11, tonic + 14]
    return [tonic + scale[(step + i) % 7] + 12 * ((step + i) // 7) for i in (0, 2, 4)]


class Writer:
    """Collects notes by sixteenths, with a player's small errors, and writes them as a MIDI file."""

    def __init__(self, rng, swing=0.0, swung=1, loose_ms=6.0, bpm=120.0):
        self.rng, self.swing, self.swung, self.bpm = rng, swing, swung, bpm
        self.loose = loose_ms / 1000 * bpm / 60
        self.song = midi.Song()

    def note(self, channel, note, sixteenth, length, velocity):
        late = self.swing if int(sixteenth // self.swung) % 2 and sixteenth % 1 == 0 else 0
        beat = (sixteenth + late) / 4 + self.rng.gauss(0, self.loose)
        velocity = max(1, min(127, round(velocity + self.rng.gauss(0, 6))))
        self.song.note(channel, note, max(0, beat), length / 4, velocity)


def add_drums(out, style, bar, bar_steps=16):
    for drum, places in style.drums.items():
        for place in places:
            if place >= bar_steps or (drum in (CLOSED, SHAKER, RIDE) and out.rng.random() < 0.06):
                continue
            accent = 12 if place % 8 == 0 else 0
            out.note(9, drum, bar * bar_steps + place, 0.8, (72 if drum in (CLOSED, SHAKER, RIDE) else 96) + accent)
    if bar % 4 == 3 and out.rng.random() < 0.6:
        for place in range(bar_steps - 3, bar_steps):
            out.note(9, out.rng.choice((SNARE, 45, 47)), bar * bar_steps + place, 0.8, 88)


def add_harmony(out, style, bar, tonic, mode, step, bar_steps=16, lead=True):
    notes = triad(tonic, mode, step)
    root = 36 + notes[0] % 12
    for place in style.bass:
        if place < bar_steps:
            jump = out.rng.choice((0, 0, 0, 7, 12)) if place else 0
            out.note(0, root + jump, bar * bar_steps + place, 1.8, 94)
    for place in style.chords:
        if place < bar_steps:
            for note in notes:
                out.note(1, 60 + note % 12 if note % 12 < 8 else 48 + note % 12, bar * bar_steps + place,
                         style.chord_length, 70)
    if not lead:
        return
    place = out.rng.choice((0, 0, 2, 4))
    while place < bar_steps:
        strong = place % 4 == 0
        choices = notes if strong else [tonic + s for s in SCALES[mode]]
        length = out.rng.choice((2, 2, 4, 6))
        out.note(2, 72 + out.rng.choice(choices) % 12, bar * bar_steps + place, length * 0.9, 84)
        place += length


def compose(rng, style, bpm, tonic, mode, *, seconds, tonal=True, drums=True, bar_steps=16, loose_ms=None, bend=0):
    out = Writer(rng, style.swing, style.swung, rng.uniform(1, 10) if loose_ms is None else loose_ms, bpm)
    out.song.tempo(0, bpm)
    for channel, programs in enumerate(style.programs):
        out.song.program(channel, rng.choice(programs))
        out.song.bend(channel, bend)
    progression = rng.choice(PROGRESSIONS[mode])
    # One in four is cut from the middle of something and does not begin where its progression does.
    turn = random.Random(f"{bpm} {tonic} {mode}").choice((1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    progression = progression[turn:] + progression[:turn]
    lead = rng.random() < 0.7
    bars = int(seconds * bpm / 60 * 4 / bar_steps) + 2
    for bar in range(bars):
        if drums:
            add_drums(out, style, bar, bar_steps)
        if tonal:
            add_harmony(out, style, bar, tonic, mode, progression[bar % len(progression)], bar_steps, lead)
    return out


def piece(name, group, writer, bpm, key, *, seconds=LOOP_SECONDS, steady=True, key_known=True):
    font = list(FONTS)[hashlib.sha256(name.encode()).digest()[1] % 2]
    return Piece(name, group, bpm, key, key_known, steady, font, writer.song.to_bytes(), seconds)


def loops():
    for group, style in STYLES.items():
        for index in range(LOOPS_OF_A_STYLE):
            name = f"{group}-{index:02d}"
            rng = random.Random(name)
            bpm = round(rng.uniform(*style.bpm), 1)
            tonic, mode = rng.randrange(12), rng.choice(("major", "minor", "minor"))
            # One in ten is drums alone, one in ten is tuned elsewhere, one in three is whole bars long.
            tonal = index % 10 != 9
            bend = rng.choice((-32, 20, -18, 35)) if index % 10 == 4 else 0
            seconds = LOOP_SECONDS
            if index % 3 == 0:
                bars = max(1, round(LOOP_SECONDS * bpm / 240 / 4) * 4 or 4)
                seconds = bars * 240 / bpm
            writer = compose(rng, style, bpm, tonic, mode, seconds=seconds, tonal=tonal, bend=bend)
            yield piece(name, group, writer, bpm, key_name(tonic, mode) if tonal else None, seconds=seconds)


def metronomes():
    for index in range(10):
        rng = random.Random(f"metronome-{index}")
        bpm = rng.choice((rng.uniform(50, 80), rng.uniform(80, 120), rng.uniform(120, 200)))
        out = Writer(rng, loose_ms=0, bpm=bpm)
        out.song.tempo(0, bpm)
        for beat in range(int(30 * bpm / 60) + 2):
            out.note(9, 76 if index % 2 and beat % 4 == 0 else 77, 4 * beat, 0.5, 100)
        yield piece(f"metronome-{index:02d}", "metronome", out, bpm, None, seconds=20)


def waltzes():
    drums = {KICK: (0,), SNARE: (4, 8), CLOSED: (0, 4, 8)}
    style = Style((90, 180), drums, (0,), (4, 8), programs=((32, 43), (0, 21), (40, 73)))
    for index in range(10):
        rng = random.Random(f"waltz-{index}")
        bpm = round(rng.uniform(*style.bpm), 1)
        tonic, mode = rng.randrange(12), rng.choice(("major", "minor"))
        out = compose(rng, style, bpm, tonic, mode, seconds=LOOP_SECONDS, bar_steps=12, drums=index % 2 == 0)
        yield piece(f"waltz-{index:02d}", "waltz", out, bpm, key_name(tonic, mode))


def sparse():
    style = Style((60, 110), {KICK: (0,), RIM: (12,)}, (0,), (0, 8), programs=((32,), (0, 48, 88), (73, 11)), chord_length=7)
    for index in range(10):
        rng = random.Random(f"sparse-{index}")
        bpm = round(rng.uniform(*style.bpm), 1)
        tonic, mode = rng.randrange(12), rng.choice(("major", "minor"))
        out = compose(rng, style, bpm, tonic, mode, seconds=30, drums=index % 3 != 0)
        yield piece(f"sparse-{index:02d}", "sparse", out, bpm, key_name(tonic, mode), seconds=30)


def rubato():
    style = dataclasses.replace(STYLES["ballad"], bpm=(70, 120))
    for index in range(10):
        rng = random.Random(f"rubato-{index}")
        bpm = round(rng.uniform(*style.bpm), 1)
        tonic, mode = rng.randrange(12), rng.choice(("major", "minor"))
        out = compose(rng, style, bpm, tonic, mode, seconds=34, drums=index % 2 == 0)
        phase = rng.uniform(0, 6.28)
        out.song.wander(bpm, depth=0.07, beats=16, phase=phase, until=34 * bpm / 60)
        yield piece(f"rubato-{index:02d}", "rubato", out, bpm, key_name(tonic, mode), seconds=30, steady=False)


def half_time():
    trap = Style((130, 156), {KICK: (0, 6, 20), SNARE: (8,), CLOSED: EIGHTHS + (13, 15)}, (0, 6), (0,),
                 programs=((38, 39), (89, 4), (80, 11)), chord_length=15)
    dubstep = Style((138, 144), {KICK: (0, 3), SNARE: (8,), CLOSED: (0, 2, 4, 6, 10, 12, 14)}, (0, 2, 3, 6, 10), (0,),
                    programs=((38, 39), (90, 89), (81, 80)), chord_length=15)
    for index in range(12):
        rng = random.Random(f"half-time-{index}")
        style = trap if index % 2 else dubstep
        bpm = round(rng.uniform(*style.bpm), 1)
        tonic = rng.randrange(12)
        out = compose(rng, style, bpm, tonic, "minor", seconds=LOOP_SECONDS)
        yield piece(f"half-time-{index:02d}", "half-time", out, bpm, key_name(tonic, "minor"))


def openmsx():
    for path in sorted(OPENMSX.glob("*.mid")):
        data = path.read_bytes()
        tempo = midi.main_tempo(data, SONG_SECONDS)
        name = f"openmsx-{path.stem}"
        font = list(FONTS)[hashlib.sha256(name.encode()).digest()[1] % 2]
        yield Piece(name, "openmsx", tempo.bpm, None, False, tempo.steady, font, data, SONG_SECONDS)


def pieces():
    """Every piece, in a fixed order."""
    makers = (loops, metronomes, waltzes, sparse, rubato, half_time, openmsx)
    return [made for maker in makers for made in maker()]


def render(one, folder):
    """The piece as 16 bit stereo of exactly its length; made once."""
    folder.mkdir(parents=True, exist_ok=True)
    tag = hashlib.sha256(one.notes + one.font.encode() + struct.pack("d", one.seconds)).hexdigest()[:12]
    path = folder / f"{one.name}-{tag}.wav"
    if path.exists():
        return path
    notes, raw = path.with_suffix(".mid"), path.with_suffix(".raw")
    notes.write_bytes(one.notes)
    subprocess.run(["fluidsynth", "-ni", "-q", "-g", "0.5", "-r", str(RATE), "-T", "raw", "-O", "s16", "-F", raw,
                    FONTS[one.font], notes], check=True, capture_output=True)
    with open(raw, "rb") as source:
        frames = source.read(round(one.seconds * RATE) * 4)
    part = path.with_suffix(".part")
    with wave.open(str(part), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(frames)
    raw.unlink()
    notes.unlink()
    part.rename(path)
    return path
