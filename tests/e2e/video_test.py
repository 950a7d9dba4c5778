#!/usr/bin/env python3
"""A video from the command line: judged by ffmpeg and ffprobe, heard and seen at the same time."""
import array
import json
import os
import signal
import subprocess
import time
import unittest
import wave

import make_audio
import support
from support import CANCELED, DONE, EXISTS, INVALID, NOT_FOUND, UNAVAILABLE, UNSUPPORTED, ProgramTest

SMALL = ("--size", "160x90", "--fps", "30", "--preset", "fast")


def clicks(seconds, every, rate=48000):
    signal_ = make_audio.silence(seconds, rate=rate, channels=1)
    for start in range(0, int(seconds * rate), int(every * rate)):
        for i in range(min(960, len(signal_[0]) - start)):
            signal_[0][start + i] = 0.8 * (-1) ** (i // 12)
    return signal_


def flashing_project(seconds, every, bpm=120):
    """A note on each click, that flashes at once and is gone soon."""
    beat = 60 / bpm
    notes = [{"startBeat": i * every / beat, "duration": 0.1, "velocity": 127, "pitch": 60}
             for i in range(int(seconds / every))]
    flash = {"type": "GlowSynth", "settings": {"attack": 0, "decay": 0, "sustain": 1, "release": 0.01, "baseSize": 10,
                                               "glowIntensity": 3, "zMoveRate": 0}}
    return {"audio": "clicks.wav", "settings": {"bpm": bpm, "numMeasures": seconds / beat / 4},
            "tracks": [{"id": "a", "synthesizer": flash, "midiBlocks": [{"startBeat": 0, "notes": notes}]}]}


class VideoTest(ProgramTest):
    def video(self, *arguments, status=DONE):
        run = self.run_program("video", *arguments, "--json")
        self.assertEqual(run.status, status, run)
        return run

    def song(self, name="song.wav", seconds=2.0):
        make_audio.write_wav(self.folder / name, make_audio.noise(seconds, -20, channels=2))
        return name

    def probe(self, path):
        return json.loads(support.run_tool("ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_chapters",
                                           "-show_format", "-of", "json", path))


class Judged(VideoTest):
    def test_by_ffprobe_it_is_what_was_asked_for(self):
        self.song()
        self.video("song.wav", "--size", "320x180", "--fps", "29.97", "-o", "v.mp4")
        probe = self.probe("v.mp4")
        picture = next(s for s in probe["streams"] if s["codec_type"] == "video")
        sound = next(s for s in probe["streams"] if s["codec_type"] == "audio")
        self.assertEqual((picture["codec_name"], picture["width"], picture["height"], picture["pix_fmt"]),
                         ("h264", 320, 180, "yuv420p"))
        self.assertEqual(picture["r_frame_rate"], "30000/1001")
        self.assertEqual(int(picture["nb_read_frames"]), 59)
        for key in ("color_space", "color_primaries", "color_transfer"):
            self.assertEqual(picture[key], "bt709")
        self.assertEqual(sound["codec_name"], "aac")
        self.assertEqual(float(picture["start_time"]), 0)
        self.assertEqual(float(sound["start_time"]), 0)
        self.assertAlmostEqual(float(sound["duration"]), 59 * 1001 / 30000, delta=0.001)

    def test_flashes_are_seen_when_clicks_are_heard(self):
        every = 0.7
        seconds = 14
        rate = 60
        make_audio.write_wav(self.folder / "clicks.wav", clicks(seconds, every), rate=48000)
        (self.folder / "p.json").write_text(json.dumps(flashing_project(seconds, every)))
        self.video("p.json", "--size", "64x36", "--fps", str(rate), "-o", "v.mp4")
        gray = support.run_tool("ffmpeg", "-v", "error", "-i", "v.mp4", "-f", "rawvideo", "-pix_fmt", "gray", "-",
                                text=False)
        size = 64 * 36
        light = [sum(gray[i:i + size]) / size for i in range(0, len(gray), size)]
        self.assertEqual(len(light), seconds * rate)
        sound = array.array("h", support.run_tool("ffmpeg", "-v", "error", "-i", "v.mp4", "-f", "s16le", "-ac", "1", "-",
                                                  text=False))
        seen = [i / rate for i in range(len(light)) if light[i] > 60 and (i == 0 or light[i - 1] <= 60)]
        heard = []
        for i, value in enumerate(sound):
            if abs(value) > 8000 and (not heard or i / 48000 - heard[-1] > 0.3):
                heard.append(i / 48000)
        self.assertEqual(len(seen), 20)
        self.assertEqual(len(heard), 20)
        for flash, click in zip(seen, heard):
            # A flash is on the first frame that begins at the click or after it.
            self.assertGreaterEqual(flash - click, -0.5 / rate)
            self.assertLessEqual(flash - click, 1.05 / rate)

    def test_flashes_stay_with_the_clicks_for_ten_minutes(self):
        seconds, every, rate, sample_rate = 600, 0.5, 30, 8000
        click = array.array("h", [26000 * (-1) ** (i // 4) for i in range(160)] + [0] * (int(every * sample_rate) - 160))
        with wave.open(str(self.folder / "clicks.wav"), "wb") as sound:
            sound.setparams((1, 2, sample_rate, 0, "NONE", ""))
            sound.writeframes(click.tobytes() * int(seconds / every))
        (self.folder / "p.json").write_text(json.dumps(flashing_project(seconds, every)))
        self.video("p.json", "--size", "32x18", "--fps", str(rate), "--preset", "fast", "-o", "v.mp4")
        gray = support.run_tool("ffmpeg", "-v", "error", "-i", "v.mp4", "-f", "rawvideo", "-pix_fmt", "gray", "-",
                                text=False)
        size = 32 * 18
        light = [sum(gray[i:i + size]) / size for i in range(0, len(gray), size)]
        seen = [i / rate for i in range(len(light)) if light[i] > 60 and (i == 0 or light[i - 1] <= 60)]
        sound = array.array("h", support.run_tool("ffmpeg", "-v", "error", "-i", "v.mp4", "-f", "s16le", "-ac", "1",
                                                  "-ar", str(sample_rate), "-", text=False))
        heard, at = [], 0
        while at < len(sound):
            if abs(sound[at]) > 8000:
                heard.append(at / sample_rate)
                at += sample_rate // 4
            at += 1
        self.assertEqual((len(seen), len(heard)), (1200, 1200))
        self.assertLessEqual(max(abs(flash - click) for flash, click in zip(seen, heard)), 0.5 / rate)


class Requests(VideoTest):
    def test_a_dry_run_writes_nothing(self):
        self.song()
        plan = self.video("song.wav", "--dry-run", "-o", "v.mp4").json
        self.assertEqual(plan["items"][0]["frames"], 120)
        self.assertEqual(sorted(os.listdir(self.folder)), ["song.wav"])

    def test_a_still_is_a_picture_of_that_moment(self):
        self.song()
        self.video("song.wav", "--size", "320x180", "--frame", "1", "a.png")
        self.assertEqual((self.folder / "a.png").read_bytes()[:4], b"\x89PNG")
        self.video("song.wav", "--size", "320x180", "--frame", "1", "b.png", "--start", "0.5")
        self.assertEqual((self.folder / "a.png").read_bytes(), (self.folder / "b.png").read_bytes())

    def test_several_sizes_come_from_one_command(self):
        self.song()
        run = self.video("song.wav", "--size", "160x90, 90x160", "--fps", "30", "-o", "v.mp4")
        self.assertEqual([(f["path"], f["width"], f["height"]) for f in run.json["items"][0]["files"]],
                         [("v-160x90.mp4", 160, 90), ("v-90x160.mp4", 90, 160)])
        self.assertEqual(sorted(os.listdir(self.folder)), ["song.wav", "v-160x90.mp4", "v-90x160.mp4"])
        self.video("song.wav", "--size", "160x90,160x90", "-o", "w.mp4", status=INVALID)

    def test_other_codecs_are_proven_too(self):
        self.song()
        for codec, encoder in (("hevc", "libx265"), ("vp9", "libvpx-vp9"), ("av1", "libaom-av1")):
            if f" {encoder} " not in support.run_tool("ffmpeg", "-v", "error", "-encoders"):
                continue
            self.video("song.wav", *SMALL, "--codec", codec, "--segments", "2", "-o", f"{codec}.mp4")
            picture = next(s for s in self.probe(f"{codec}.mp4")["streams"] if s["codec_type"] == "video")
            self.assertEqual((picture["codec_name"], int(picture["nb_read_frames"])), (codec, 60))
        self.video("song.wav", *SMALL, "-o", "v.mov")
        self.assertIn("mov", self.probe("v.mov")["format"]["format_name"])
        self.video("song.wav", *SMALL, "--codec", "vp9", "-o", "w.mov", status=UNSUPPORTED)

    def test_a_sequence_of_pictures_is_every_frame(self):
        self.song(seconds=1)
        self.video("song.wav", "--size", "64x36", "--fps", "5", "--frames", "pictures")
        self.assertEqual(sorted(os.listdir(self.folder / "pictures")), [f"song-{i:06}.png" for i in range(5)])
        self.video("song.wav", "--size", "64x36", "--frame", "0.4", "a.png")
        self.assertEqual((self.folder / "a.png").read_bytes(), (self.folder / "pictures/song-000002.png").read_bytes())
        self.video("song.wav", "--size", "64x36", "--fps", "5", "--frames", "pictures", status=EXISTS)

    def test_settings_of_tracks_are_given_with_the_command(self):
        self.song(seconds=1)
        still = ("song.wav", "--size", "64x36", "--frame", "0.5")
        self.video(*still, "a.png")
        self.video(*still, "b.png", "--set", "stage.top_color=#ffffff")
        self.assertNotEqual((self.folder / "a.png").read_bytes(), (self.folder / "b.png").read_bytes())
        for setting, status, hint in (("rin.bars=9", NOT_FOUND, "did you mean ring?"),
                                      ("ring.bar=9", NOT_FOUND, "did you mean bars?"),
                                      ("ring.bars", INVALID, "write it as lead.spin_speed=90")):
            self.assertEqual(self.video(*still, "c.png", "--set", setting, status=status).json["error"]["hint"], hint)
        self.video(*still, "c.png", "--set", "ring.bars=many", status=INVALID)

    def test_a_preview_is_small_and_a_video_is_cut_as_was_asked(self):
        self.song()
        plan = self.video("song.wav", "--size", "4k", "--preview", "--dry-run").json["items"][0]
        self.assertEqual((plan["width"], plan["height"], plan["frame_rate"]), (480, 270, 30))
        run = self.video("song.wav", *SMALL, "--segments", "5", "-o", "v.mp4")
        self.assertEqual(run.json["summary"]["segments"], 5)

    def test_a_report_shows_frames_of_the_file(self):
        self.song()
        run = self.video("song.wav", *SMALL, "-o", "v.mp4", "--report", "proof.html", "--report", "proof.json")
        page = (self.folder / "proof.html").read_text(encoding="utf-8")
        self.assertIn('src="data:image/png;base64,', page)
        checks = {check["name"]: check for check in run.json["items"][0]["files"][0]["checks"]}
        self.assertIn(checks["loudness"]["found"], page)
        self.assertTrue(checks["motion"]["passed"])
        self.assertEqual(json.loads((self.folder / "proof.json").read_text()), run.json)

    def test_what_cannot_be_is_refused_before_any_work(self):
        self.song()
        for arguments, status in ((["song.wav", "--size", "321x180"], INVALID), (["song.wav", "--fps", "0"], INVALID),
                                  (["song.wav", "--start", "9"], INVALID), (["song.wav", "--scene", "rin"], NOT_FOUND),
                                  (["none.wav"], NOT_FOUND), (["song.wav", "-o", "v.avi"], UNSUPPORTED),
                                  (["song.wav", "--audio", "song.wav"], INVALID)):
            self.video(*arguments, status=status)
        (self.folder / "v.mp4").write_text("mine")
        self.video("song.wav", "-o", "v.mp4", status=EXISTS)
        self.assertEqual((self.folder / "v.mp4").read_text(), "mine")

    def test_a_project_with_a_fault_names_it(self):
        project = flashing_project(2, 1)
        project["tracks"][0]["synthesizer"] = "GlowwSynth"
        (self.folder / "p.json").write_text(json.dumps(project))
        make_audio.write_wav(self.folder / "clicks.wav", clicks(2, 1), rate=48000)
        run = self.video("p.json", "-o", "v.mp4", status=NOT_FOUND)
        self.assertEqual(run.json["error"]["hint"], "did you mean glow?")


class OnAGpu(VideoTest):
    SOFTWARE = {"DUBPLATE_SOFTWARE_GL": "1"}

    def on_gpu(self, song, *more, **settings):
        return self.run_program("video", song, "-o", "gpu.mp4", "--size", "160x90", "--fps", "10", "--renderer", "gpu",
                                "--json", *more, **settings)

    def test_without_one_it_says_so_and_auto_draws_on_the_processor(self):
        song = self.song()
        run = self.on_gpu(song, "--dry-run")
        if run.status == DONE:
            self.skipTest("there is a GPU: " + run.json["items"][0]["renderer"])
        self.assertEqual(run.status, UNAVAILABLE, run)
        self.assertIn("no GPU", run.err)
        # Where a computed one is welcome, too.
        run = self.run_program("video", song, "-o", "auto.mp4", *SMALL, "--dry-run", "--json", **self.SOFTWARE)
        self.assertEqual(run.json["items"][0]["renderer"], "the processor")

    def test_without_egl_it_says_so_and_auto_draws_on_the_processor(self):
        song = self.song()
        (self.folder / "broken").mkdir()
        (self.folder / "broken" / "libEGL.so.1").write_bytes(b"no library")
        broken = {"LD_LIBRARY_PATH": str(self.folder / "broken")}
        run = self.on_gpu(song, "--dry-run", **broken)
        self.assertEqual(run.status, UNAVAILABLE, run)
        self.assertIn("no EGL", run.err)
        run = self.run_program("video", song, "-o", "auto.mp4", *SMALL, "--json", **broken)
        self.assertEqual(run.status, DONE, run)
        self.assertEqual(run.file["renderer"], "the processor")

    def test_its_file_is_judged_by_the_processor(self):
        run = self.on_gpu(self.song(), "--preset", "lossless", **self.SOFTWARE)
        if run.status == UNAVAILABLE:
            self.skipTest("not even a computed GL: " + run.err)
        self.assertEqual(run.status, DONE, run)
        self.assertNotEqual(run.file["renderer"], "the processor")
        pictures = next(check for check in run.file["checks"] if check["name"] == "pictures")
        self.assertEqual(pictures["wanted"], "at least 40.0 dB")
        self.assertTrue(pictures["passed"], pictures)


class Interrupted(VideoTest):
    def test_it_stops_soon_and_leaves_nothing(self):
        self.song(seconds=30)
        process = subprocess.Popen([support.PROGRAM, "video", "song.wav", "-o", "v.mp4"], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not any(name.startswith(".v.mp4") for name in os.listdir(self.folder)) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), CANCELED)
        self.assertEqual(os.listdir(self.folder), ["song.wav"])

    def test_a_killed_one_goes_on_where_it_was(self):
        self.song(seconds=24)
        ask = ("song.wav", "--size", "480x270", "--fps", "30", "--preset", "fast")
        process = subprocess.Popen([support.PROGRAM, "video", *ask, "-o", "v.mp4", "--jobs", "1"], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kept = self.folder / ".v.mp4.segments"
        while process.poll() is None and not list(kept.glob("*.segment")):
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.assertTrue(list(kept.glob("*.segment")))
        whole = self.video(*ask, "-o", "whole.mp4").json
        resumed = self.video(*ask, "-o", "v.mp4").json
        self.assertGreaterEqual(resumed["summary"]["resumed_segments"], 1)
        self.assertEqual(whole["summary"]["resumed_segments"], 0)
        self.assertEqual((self.folder / "v.mp4").read_bytes(), (self.folder / "whole.mp4").read_bytes())
        self.assertEqual(sorted(os.listdir(self.folder)), ["song.wav", "v.mp4", "whole.mp4"])

    def test_segments_of_another_request_are_not_taken(self):
        self.song(seconds=9)
        kept = self.folder / ".v.mp4.segments"
        kept.mkdir()
        (kept / "0123-0.segment").write_bytes(b"of another video")
        run = self.video("song.wav", *SMALL, "-o", "v.mp4")
        self.assertEqual(run.json["summary"]["resumed_segments"], 0)
        self.assertEqual(sorted(os.listdir(self.folder)), ["song.wav", "v.mp4"])


if __name__ == "__main__":
    unittest.main()
