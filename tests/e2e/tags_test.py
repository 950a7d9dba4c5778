#!/usr/bin/env python3
"""Tags and covers, as other programs read them, from all the places that they come from; and what is kept untouched."""
import json
import os
import unittest

import make_audio
import support
from support import ProgramTest

TAGS = {"title": "Night Drive – Größe", "artist": "The Couriers", "album": "Two A.M.", "album_artist": "Various", "year": "2026",
        "genre": "House", "comment": "first pressing", "bpm": "128", "key": "Am", "isrc": "USRC17607839", "track": "3/12",
        "disc": "1/2", "copyright": "2026 The Couriers", "sleeve": "gatefold"}
# What each must be called for mutagen in FLAC, and in ID3 (MP3, AIFF and WAV).
IN_FLAC = {"title": "title", "artist": "artist", "album": "album", "album_artist": "albumartist", "year": "date", "genre": "genre",
           "comment": "comment", "bpm": "bpm", "isrc": "isrc", "copyright": "copyright", "sleeve": "sleeve"}
IN_ID3 = {"title": "TIT2", "artist": "TPE1", "album": "TALB", "album_artist": "TPE2", "year": "TDRC", "genre": "TCON",
          "comment": "COMM::eng", "bpm": "TBPM", "key": "TKEY", "isrc": "TSRC", "track": "TRCK", "disc": "TPOS",
          "copyright": "TCOP", "sleeve": "TXXX:SLEEVE"}


def options(tags):
    return [part for name, value in tags.items() for part in ("--tag", f"{name}={value}")]


class TagTest(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.mix = make_audio.wav(make_audio.sine(1, level_db=-16))

    def setUp(self):
        super().setUp()
        (self.folder / "mix.wav").write_bytes(self.mix)

    def picture(self, name):
        support.ffmpeg("-f", "lavfi", "-i", "color=c=navy:s=64x64:d=1", "-frames:v", "1", self.folder / name)
        return (self.folder / name).read_bytes()

    def flac_tags(self, path):
        text = support.run_tool("metaflac", "--export-tags-to=-", path)
        pairs = (line.split("=", 1) for line in text.splitlines())
        return {name.upper(): value for name, value in pairs}

    def tagged(self, name, **tags):
        """mix.wav in the format of the name, with tags that ffmpeg wrote."""
        given = [part for key, value in tags.items() for part in ("-metadata", f"{key}={value}")]
        support.ffmpeg("-i", "mix.wav", *given, name)
        return name

    def delivered(self, name, **tags):
        """mix.wav as the program itself brings it to the target."""
        self.export("mix.wav", "-o", name, *options(tags))
        return name


class Tags(TagTest):
    def test_every_field_is_in_every_format_as_mutagen_reads_it(self):
        run = self.export("mix.wav", "-f", "wav,aiff,flac,mp3", *options(TAGS))
        for file in run.files:
            with self.subTest(file["format"]):
                found = support.mutagen(file["path"])
                for field, name in (IN_FLAC if file["format"] == "flac" else IN_ID3).items():
                    self.assertEqual(found.get(name), [TAGS[field]], field)
                self.assertEqual(len(file["tags"]), len(TAGS))
                self.assertEqual(file["losses"][:1] if file["format"] != "mp3" else [], [])

    def test_flac_has_them_as_vorbis_comments(self):
        self.export("mix.wav", "-f", "flac", *options(TAGS))
        found = self.flac_tags("out/mix.flac")
        self.assertEqual((found["TITLE"], found["TRACKNUMBER"], found["TRACKTOTAL"], found["DATE"]),
                         (TAGS["title"], "3", "12", "2026"))

    def test_wav_has_them_for_programs_without_id3_too(self):
        self.export("mix.wav", *options(TAGS))
        found = support.ffprobe("out/mix.wav")["tags"]
        for name in ("title", "artist", "album", "genre", "comment", "copyright"):
            self.assertEqual(found[name], TAGS[name])
        self.assertEqual(found["date"], "2026")
        general, _ = support.mediainfo("out/mix.wav")
        self.assertEqual(general["Performer"], TAGS["artist"])

    def test_wav_has_the_measured_loudness_in_bext(self):
        self.export("mix.wav", "--loudness", "-20")
        data = (self.out / "mix.wav").read_bytes()
        start = data.index(b"bext") + 8
        self.assertEqual(int.from_bytes(data[start + 346:start + 348], "little"), 2)  # version
        loudness = int.from_bytes(data[start + 412:start + 414], "little", signed=True) / 100
        self.assertAlmostEqual(loudness, -20, delta=0.1)

    def test_replay_gain_tells_the_way_to_minus_18(self):
        for file in self.export("mix.wav", "-f", "flac,mp3", "--loudness", "-23").files:
            gain = support.ffprobe(file["path"])["tags"]["replaygain_track_gain"]
            self.assertAlmostEqual(float(gain.split()[0]), 5, delta=0.15)

    def test_the_sources_tags_are_kept_from_format_to_format(self):
        for name in ("source.flac", "source.mp3", "source.m4a", "source.ogg", "source.aiff"):
            source = self.tagged(name, title="Kept", artist="Ä & Ö", date="2019")
            with self.subTest(name):
                run = self.export(source, "-f", "flac,mp3", "--overwrite")
                self.assertEqual(self.flac_tags("out/source.flac").get("TITLE"), "Kept")
                if name != "source.aiff":  # ffmpeg writes the title alone
                    self.assertEqual(self.flac_tags("out/source.flac").get("ARTIST"), "Ä & Ö")
                    self.assertEqual(support.mutagen(run.files[1]["path"])["TPE1"], ["Ä & Ö"])

    def test_what_is_said_wins_over_the_source(self):
        self.export(self.tagged("source.flac", title="Old", artist="Kept"), "-f", "mp3", "--tag", "title=New")
        found = support.mutagen("out/source.mp3")
        self.assertEqual((found["TIT2"], found["TPE1"]), (["New"], ["Kept"]))

    def test_clear_tags_keeps_nothing_of_the_source(self):
        self.export(self.tagged("source.flac", title="Secret", comment="do not ship"), "-f", "flac,mp3", "--clear-tags", "--tag",
                    "artist=Only")
        self.assertNotIn("TITLE", self.flac_tags("out/source.flac"))
        found = support.mutagen("out/source.mp3")
        self.assertNotIn("TIT2", found)
        self.assertEqual(found["TPE1"], ["Only"])
        for name in ("source.flac", "source.mp3"):
            self.assertNotIn(b"Secret", (self.out / name).read_bytes())

    def test_an_empty_value_takes_a_tag_away(self):
        self.export(self.tagged("source.flac", title="Old", artist="Kept"), "-f", "flac", "--tag", "title=")
        found = self.flac_tags("out/source.flac")
        self.assertNotIn("TITLE", found)
        self.assertEqual(found["ARTIST"], "Kept")

    def test_a_file_of_tags(self):
        tags = {"title": "From JSON", "bpm": 93.5, "track": "4", "custom": {"MOOD": "late"}}
        (self.folder / "tags.json").write_text(json.dumps(tags))
        self.export("mix.wav", "-f", "flac", "--tags", "tags.json", "--tag", "artist=Said")
        found = self.flac_tags("out/mix.flac")
        self.assertEqual((found["TITLE"], found["BPM"], found["TRACKNUMBER"], found["MOOD"], found["ARTIST"]),
                         ("From JSON", "93.5", "4", "late", "Said"))

    def test_tags_from_the_name(self):
        os.rename("mix.wav", "The Couriers - Night Drive [128] (House) {Am}.wav")
        file = self.export_one("The Couriers - Night Drive [128] (House) {Am}.wav", "-f", "mp3", "--tags-from-name")
        found = support.mutagen(file["path"])
        self.assertEqual([found[name] for name in ("TPE1", "TIT2", "TBPM", "TCON", "TKEY")],
                         [["The Couriers"], ["Night Drive"], ["128"], ["House"], ["Am"]])

    def test_a_template_stands_behind_all_others(self):
        self.export("mix.wav", "-f", "flac", "--template", "electronic", "--tag", "bpm=140")
        found = self.flac_tags("out/mix.flac")
        self.assertEqual((found["GENRE"], found["BPM"]), ("Electronic", "140"))

    def test_tags_from_a_configuration(self):
        (self.folder / "mix.toml").write_text(
            'formats = ["flac"]\nname = "{title}"\n[loudness]\ntarget_lufs = -20\n[tags]\ntitle = "From TOML"\n')
        run = self.export("mix.wav", "--config", "mix.toml", "--loudness", "-18")
        self.assertEqual(os.listdir(self.out), ["From TOML.flac"])
        self.assertEqual(run.file["target_lufs"], -18)


class Covers(TagTest):
    def test_a_cover_is_in_every_format_to_the_byte(self):
        for name, mime in (("cover.jpg", "image/jpeg"), ("cover.png", "image/png")):
            data = self.picture(name)
            run = self.export("mix.wav", "-f", "wav,aiff,flac,mp3", "--cover", name, "--overwrite")
            for file in run.files:
                with self.subTest(f"{name} in {file['format']}"):
                    self.assertIn(data, (self.folder / file["path"]).read_bytes())
                    found = support.mutagen(file["path"])
                    self.assertEqual(found.get("picture", [None, mime])[1], mime)
                    self.assertTrue("picture" in found or "APIC:" in found, found)
            support.run_tool("metaflac", "--export-picture-to=front", "out/mix.flac")
            block = support.run_tool("metaflac", "--list", "--block-type=PICTURE", "out/mix.flac")
            for fact in ("width: 64", "height: 64", "depth: 24"):
                self.assertIn(fact, block)
            self.assertEqual((self.folder / "front").read_bytes(), data)

    def test_a_cover_of_the_source_goes_along(self):
        data = self.picture("cover.jpg")
        self.export("mix.wav", "-f", "flac", "--cover", "cover.jpg", "-o", "covered.flac")
        self.export("covered.flac", "-f", "mp3")
        self.assertIn(data, (self.out / "covered.mp3").read_bytes())
        self.export("covered.flac", "-f", "mp3", "--clear-tags", "--overwrite")
        self.assertNotIn(data, (self.out / "covered.mp3").read_bytes())


class Untouched(TagTest):
    """mix.wav is at the target of the default already: a sine at -16 LUFS."""

    def test_a_source_at_its_target_is_copied_to_the_bit_and_said_so(self):
        for source in ("mix.wav", self.tagged("mix.flac", title="A"), self.tagged("mix.aiff", title="A"),
                       self.delivered("mix.mp3", title="A")):
            with self.subTest(source):
                file = self.export_one(source, "-o", self.out / source)
                self.assertEqual(file["method"], "copied")
                self.assertEqual(file["generations"], 0)
                self.assert_words(file["method_reason"], ["target"])
                self.assertEqual((self.out / source).read_bytes(), (self.folder / source).read_bytes())

    def test_the_human_table_says_it_too(self):
        run = self.run_program("export", "mix.wav", "-o", self.out)
        self.assertIn(b"copied", run.out)

    def test_what_is_not_to_be_normalized_is_copied_whatever_its_level(self):
        make_audio.write_wav(self.folder / "loud.wav", make_audio.noise(1, -12))
        file = self.export_one("loud.wav", "--no-normalize")
        self.assertEqual(file["method"], "copied")
        self.assertEqual((self.out / "loud.wav").read_bytes(), (self.folder / "loud.wav").read_bytes())

    def test_another_depth_or_rate_is_not_a_copy(self):
        for arguments in (["--bit-depth", "24"], ["--sample-rate", "48000"], ["--channels", "1"], ["--fade-in", "10ms"],
                          ["--end", "0.5"], ["--loudness", "-18"]):
            file = self.export_one("mix.wav", *arguments, "--overwrite")
            self.assertEqual(file["method"], "encoded", arguments)

    def test_tags_alone_do_not_encode_again(self):
        for source in ("mix.mp3", "mix.flac", "mix.aiff"):
            self.delivered(source, title="Old")
            with self.subTest(source):
                file = self.export_one(source, "--tag", "title=New", "--tag", "artist=Somebody", "-o", self.out / source)
                self.assertEqual(file["method"], "retagged")
                self.assertEqual(self.audio_bytes(file["path"]), self.audio_bytes(source))
                self.assertEqual(support.ffprobe(file["path"])["tags"]["title"], "New")
                self.assertEqual(support.frames(file["path"]), 44100)

    def test_tags_of_a_wav_alone_leave_its_samples(self):
        file = self.export_one("mix.wav", "--tag", "title=New")
        self.assertEqual(file["method"], "retagged")
        self.assertIn(self.mix[44:], (self.out / "mix.wav").read_bytes())
        self.assertEqual(support.ffprobe(file["path"])["tags"]["title"], "New")

    def audio_bytes(self, path):
        """The packets as they are stored, without a look into them."""
        return support.run_tool("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-c", "copy", "-f", "data", "-",
                                text=False)


if __name__ == "__main__":
    unittest.main()
