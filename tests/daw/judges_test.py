#!/usr/bin/env python3
"""Projects as Dubplate writes them, read by parsers that others have written and compared field by field with the session.

Usage: judges_test.py WRITER     the program write_daw_projects
The parsers come from PyPI (tests/requirements.txt); scripts/setup puts them into build/venv.
"""
import base64
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

VENV = pathlib.Path(__file__).resolve().parent.parent.parent / "build" / "venv"
if pathlib.Path(sys.prefix) != VENV:
    if not (VENV / "requirements.txt").exists():
        print("conformance.daw: SKIPPED: rpp and mido of PyPI are not there; run scripts/setup where it is reached")
        sys.exit(77)
    os.execv(VENV / "bin" / "python", [VENV / "bin" / "python", __file__, *sys.argv[1:]])

import mido  # noqa: E402
import rpp  # noqa: E402

WRITER = sys.argv.pop(1)
FOLDER = tempfile.TemporaryDirectory()
SESSIONS = ("small", "many_tracks", "many_tempi", "odd_names")


def setUpModule():
    subprocess.run([WRITER, FOLDER.name], check=True)


def tearDownModule():
    FOLDER.cleanup()


def session_of(name):
    session = json.loads((pathlib.Path(FOLDER.name) / name / "session.json").read_text(encoding="utf-8"))
    for key in ("tracks", "markers", "tempos", "signatures"):
        session.setdefault(key, [])
    return session


def path_of(name, file):
    return pathlib.Path(FOLDER.name) / name / file


class Reaper(unittest.TestCase):
    def project(self, name, file="project.rpp"):
        return rpp.loads(path_of(name, file).read_text(encoding="utf-8"))

    def each(self, check):
        for name in SESSIONS:
            with self.subTest(name):
                check(session_of(name), self.project(name))

    @staticmethod
    def field(element, key):
        """The words behind a key, or None."""
        found = element.find(key)
        return None if found is None else found[1:]

    def frames(self, seconds, session):
        frames = float(seconds) * session["sample_rate_hz"]
        self.assertAlmostEqual(frames, round(frames), delta=1e-4)
        return round(frames)

    def test_settings_are_those_of_the_session(self):
        def check(session, project):
            self.assertEqual(project.tag, "REAPER_PROJECT")
            self.assertEqual(self.field(project, "SAMPLERATE")[0], str(session["sample_rate_hz"]))
            self.assertEqual(self.field(project, "RENDER_FMT")[2], str(session["sample_rate_hz"]))
            config = base64.b64decode(project.find("RENDER_CFG").children[0])
            self.assertEqual(config, b"evaw" + bytes([session["bit_depth"], 0, 0]))
        self.each(check)

    def test_tracks_come_back_in_their_folders(self):
        def check(session, project):
            expected, level, folder = list(session["tracks"]), 0, ""
            for track in project.findall("TRACK"):
                name = self.field(track, "NAME")[0]
                state, change = map(int, self.field(track, "ISBUS"))
                if state == 1:
                    self.assertIsNone(track.find("ITEM"))
                    folder = name
                else:
                    self.check_track(track, expected.pop(0), folder, session)
                level += change
                self.assertIn(level, (0, 1))
                folder = folder if level else ""
            self.assertEqual(expected, [])
            self.assertEqual(level, 0)
        self.each(check)

    def check_track(self, track, expected, folder, session):
        self.assertEqual(self.field(track, "NAME")[0], expected["name"])
        self.assertEqual(folder, expected["group"])
        volume, pan = map(float, self.field(track, "VOLPAN")[:2])
        self.assertAlmostEqual(20 * math.log10(volume), expected["gain_db"], places=6)
        self.assertAlmostEqual(pan, expected["pan"])
        self.assertEqual(self.field(track, "MUTESOLO")[:2], [str(int(expected[k])) for k in ("mute", "solo")])
        color = int(self.field(track, "PEAKCOL")[0])
        if expected["color"]:
            self.assertEqual(list(color.to_bytes(4, "little")), [*expected["color"], 1])
        else:
            self.assertEqual(color, 16576)
        self.assertEqual(track.attrib[0], self.field(track, "TRACKID")[0])
        items = track.findall("ITEM")
        self.assertEqual(len(items), 1 if expected["file"] else 0)
        for item in items:
            self.assertEqual(self.frames(self.field(item, "POSITION")[0], session), expected["begin_frame"])
            self.assertEqual(self.frames(self.field(item, "LENGTH")[0], session), expected["frames"])
            source = item.find("SOURCE")
            kind = {"wav": "WAVE", "aiff": "WAVE", "flac": "FLAC", "mp3": "MP3"}[expected["format"]]
            self.assertEqual(source.attrib[0], kind)
            self.assertEqual(self.field(source, "FILE")[0], expected["file"])

    def test_tempo_and_signatures_change_where_they_did(self):
        def check(session, project):
            bpm, numerator, denominator = map(float, self.field(project, "TEMPO"))
            first = session["signatures"][0]
            self.assertEqual((bpm, numerator, denominator),
                             (session["tempos"][0]["bpm"], first["numerator"], first["denominator"]))
            envelope = project.find("TEMPOENVEX")
            points = envelope.findall("PT") if envelope else []
            if len(session["tempos"]) + len(session["signatures"]) == 2:
                return self.assertEqual(points, [])
            tempos = {round(float(p[1]), 9): float(p[2]) for p in points}
            for tempo in session["tempos"]:
                self.assertEqual(tempos[round(tempo["seconds"], 9)], tempo["bpm"])
            packed = {round(float(p[1]), 9): int(p[4]) for p in points if len(p) > 4}
            self.assertEqual(packed, {round(s["seconds"], 9): s["denominator"] * 65536 + s["numerator"]
                                      for s in session["signatures"]})
            self.assertEqual({p[3] for p in points}, {"1"})
        self.each(check)

    def check_markers(self, session, project):
        lines = [m[1:] for m in project.findall("MARKER")]
        for number, expected in enumerate(session["markers"], 1):
            line = lines.pop(0)
            self.assertEqual((line[0], line[2]), (str(number), expected["label"]))
            self.assertEqual(self.frames(line[1], session), expected["frame"])
            self.assertEqual(line[3], "1" if expected["length_frames"] else "0")
            if expected["length_frames"]:
                end = lines.pop(0)
                self.assertEqual((end[0], end[2], end[3]), (str(number), "", "1"))
                self.assertEqual(self.frames(end[1], session), expected["frame"] + expected["length_frames"])
        self.assertEqual(lines, [])

    def test_markers_and_regions_stand_where_they_did(self):
        self.each(self.check_markers)

    def test_a_filled_template_keeps_the_users_lines_and_takes_the_tracks(self):
        for name in SESSIONS:
            with self.subTest(name):
                session, project = session_of(name), self.project(name, "filled.rpp")
                names = [self.field(t, "NAME")[0] for t in project.findall("TRACK") if self.field(t, "ISBUS") != ["1", "1"]]
                self.assertEqual(names, ["Return", "My synth"] + [t["name"] for t in session["tracks"]])
                self.check_markers(dict(session), project)
                filled = path_of(name, "filled.rpp").read_bytes().splitlines(keepends=True)
                for line in path_of(name, "template.rpp").read_bytes().splitlines(keepends=True):
                    if b"{{" not in line:
                        self.assertIn(line, filled)
                self.assertTrue(all(line.endswith(b"\r\n") for line in filled))


class Midi(unittest.TestCase):
    def each(self, check):
        for name in SESSIONS:
            with self.subTest(name):
                check(session_of(name), mido.MidiFile(path_of(name, "project.mid"), charset="utf-8"))

    @staticmethod
    def events(track, kind):
        """(tick, message) of each message of the kind."""
        tick = 0
        for message in track:
            tick += message.time
            if message.type == kind:
                yield tick, message

    def test_the_file_has_a_track_for_the_piece_and_for_each_stem(self):
        def check(session, midi):
            self.assertEqual((midi.type, midi.ticks_per_beat), (1, 960))
            # Its reader takes white space off the ends of names, as ours does.
            self.assertEqual([t.name.strip() for t in midi.tracks],
                             [session["name"]] + [t["name"].strip() for t in session["tracks"]])
        self.each(check)

    def test_tempo_and_signatures_change_where_they_did(self):
        def check(session, midi):
            scale = session["ticks_per_quarter"] // 960
            self.assertEqual([(t, m.tempo) for t, m in self.events(midi.tracks[0], "set_tempo")],
                             [(t["tick"] // scale, round(60e6 / t["bpm"])) for t in session["tempos"]])
            self.assertEqual([(t, m.numerator, m.denominator) for t, m in self.events(midi.tracks[0], "time_signature")],
                             [(s["tick"] // scale, s["numerator"], s["denominator"]) for s in session["signatures"]])
        self.each(check)

    def test_markers_stand_within_a_tick_of_where_they_did(self):
        def check(session, midi):
            tempos = [(t, m.tempo) for t, m in self.events(midi.tracks[0], "set_tempo")]
            markers = list(self.events(midi.tracks[0], "marker"))
            self.assertEqual([m.text for _, m in markers], [m["label"] for m in session["markers"]])
            for (tick, _), expected in zip(markers, session["markers"]):
                seconds, last = 0, 0
                for (begin, tempo), (end, _) in zip(tempos, tempos[1:] + [(tick, 0)]):
                    end = min(max(end, begin), tick)
                    seconds += mido.tick2second(max(end - begin, 0), 960, tempo)
                    last = tempo
                # Half a tick, and what whole microseconds for each quarter note add up to.
                self.assertAlmostEqual(seconds, expected["frame"] / session["sample_rate_hz"],
                                       delta=mido.tick2second(1, 960, last) + seconds * 1e-6)
        self.each(check)

    def test_the_file_is_as_long_as_the_session(self):
        def check(session, midi):
            seconds = session["frames"] / session["sample_rate_hz"]
            self.assertAlmostEqual(midi.length, seconds, delta=0.001 + seconds * 1e-6)
        self.each(check)


if __name__ == "__main__":
    unittest.main()
