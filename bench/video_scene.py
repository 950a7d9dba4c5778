"""The scene of scripts/bench video: boxes that turn about the origin, as a project of ours and as a list for the peer."""
import math

BPM = 120
PITCH_CLASSES = 12


def bodies(count, transparent_share=0.0):
    """On shells about the origin, evenly (Fibonacci's spiral): nothing is random, nothing lies in a row."""
    size = 1.6 if count <= 100 else 0.5
    made = []
    for i in range(count):
        height = 1 - 2 * (i + 0.5) / count
        ring = math.sqrt(1 - height * height)
        angle = i * math.pi * (3 - math.sqrt(5))
        far = 5 + 4 * (i % 7) / 6
        pitch = i % PITCH_CLASSES
        made.append({"position": [1.1 * far * ring * math.cos(angle), far * height, far * ring * math.sin(angle)],
                     "scale": [size, size * (0.5 + pitch / 11), size],
                     "hue": 30 * pitch, "lightness": 40 + 55 * pitch / 127,
                     "opacity": 0.5 if i < transparent_share * count else 1,
                     "axis": [math.sin(i), 1, math.cos(3 * i)], "speed": 0.05 + 0.1 * (i % 5) / 4})
    return made


def project(made, seconds):
    """Each box is a held note of a track of its own: its height by the pitch class, moved to its place, and turned."""
    tracks = []
    beats = seconds * BPM / 60
    for i, body in enumerate(made):
        pitch = i % PITCH_CLASSES
        level = body["opacity"]
        synth = {"base_size": body["scale"][0] / level, "y_min": 0, "y_range": 1, "attack": 0, "decay": 0, "sustain": level,
                 "release": 0}
        x, y, z = body["position"]
        offset = {"offset_x": x, "offset_y": y - pitch / 127, "offset_z": z}
        turn = dict(zip(("axis_x", "axis_y", "axis_z"), body["axis"]), speed_factor=body["speed"])
        tracks.append({"id": f"box {i}", "synthesizer": {"type": "basic", "settings": synth},
                       "effects": [{"type": "position_offset", "settings": offset}, {"type": "global_rotate", "settings": turn}],
                       "midiBlocks": [{"startBeat": 0, "notes": [{"startBeat": 0, "duration": beats + 4, "pitch": pitch,
                                                                  "velocity": 127}]}]})
    return {"name": "Boxes", "audio": "silence.wav", "settings": {"bpm": BPM, "numMeasures": beats / 4}, "tracks": tracks}
