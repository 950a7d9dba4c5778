#include "exports/audio/report.h"
#include "support/sample_manifest.h"
#include "support/xml_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace dubplate {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

TEST(Report, IsWellFormed) {
    DUBPLATE_NEEDS_XMLLINT();
    // HTML that is XML too: so a strict parser can judge all of it, the pictures included.
    EXPECT_EQ(xml_faults(render_html(sample_manifest())), "");
    EXPECT_EQ(xml_faults(render_html(Manifest{})), "");
}

TEST(Report, StandsAlone) {
    const std::string html = render_html(sample_manifest());

    for (const char* loading : {"<script", "<link", "<img", "<iframe", "src=", "url(", "@import", "href="})
        EXPECT_THAT(html, Not(HasSubstr(loading)));
    EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

TEST(Report, IsTheSameEveryTime) {
    EXPECT_EQ(render_html(sample_manifest()), render_html(sample_manifest()));
}

TEST(Report, ShowsBeforeAndAfterInOneTable) {
    const std::string html = render_html(sample_manifest());

    EXPECT_THAT(html, HasSubstr("<td>−9.8 LUFS</td><td>+0.4 dBTP</td><td>4:12.345</td>"));
    EXPECT_THAT(html,
                HasSubstr("<td>−16.0 LUFS</td><td>−1.2 dBTP</td><td>exact</td><td>5/5</td><td>31.2 MB</td>"
                          "<td>once</td>"));
    EXPECT_THAT(html, HasSubstr("<td>10.1 MB</td><td>twice</td>"));
    EXPECT_THAT(html, HasSubstr("<td>copied</td>"));
}

TEST(Report, TellsTheVerdictFirst) {
    Manifest manifest = sample_manifest();
    EXPECT_THAT(render_html(manifest), HasSubstr("3 files delivered and proven, 1 failed, 1 canceled"));

    manifest.items.resize(1);
    EXPECT_THAT(render_html(manifest),
                HasSubstr("<span class=\"good\">✓</span> 2 files delivered and proven</h1>"));
    EXPECT_THAT(render_html(Manifest{}), HasSubstr("Nothing was delivered"));
}

TEST(Report, ShowsEachFigureOfAFile) {
    const std::string html = render_html(sample_manifest());

    for (const char* figure :
         {"6.2 LU", "−12.9 LUFS", "−11.4 LUFS", "at 0:20.190", "44.1 kHz", "24 bit", "stereo",
          "11\u2009128\u2009415 frames", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
          "LAME 3.100, 320 kbit/s", "libavcodec 59.37 (mp3)", "−6.2 dB", "2.2 dB at most, 14.6 s in all",
          "again because true peak -0.71 dBTP",
          "copied bit for bit: already at the target in the asked format", "MP3 is lossy",
          "Streets &amp; Squares"})
        EXPECT_THAT(html, HasSubstr(figure));
}

TEST(Report, DrawsWhatWasGathered) {
    const std::string html = render_html(sample_manifest());

    EXPECT_EQ(count(html, "<title>Waveform</title>"), 3U);
    EXPECT_EQ(count(html, "<title>Loudness</title>"), 3U);
    EXPECT_EQ(count(html, "<title>Limiter</title>"), 2U);  // the copy's was idle
    EXPECT_EQ(count(html, "<title>Spectrum</title>"), 3U);
    EXPECT_THAT(html, HasSubstr("highest true peak −1.2 dBTP at 0:20.188"));
    EXPECT_THAT(html, HasSubstr("target −16.0 LUFS"));
}

TEST(Report, LaysTheSourceBehindOnlyWhereItRunsOnTheSameClock) {
    Manifest manifest = sample_manifest();
    manifest.items.resize(1);
    EXPECT_EQ(count(render_html(manifest), "source, short-term"), 2U);

    manifest.items[0].pictures.seconds += 10;
    EXPECT_EQ(count(render_html(manifest), "source, short-term"), 0U);
}

TEST(Report, ShowsWhatFailedAndWhatToDo) {
    Manifest manifest = sample_manifest();
    manifest.items[0].files[1].error = fail(ErrorCode::io, "no space left on device", "free some space");
    manifest.items[0].files[1].checks.clear();
    manifest.items[0].files[0].checks[4].passed = false;

    const std::string html = render_html(manifest);

    EXPECT_THAT(html, HasSubstr("the file ends after 44 bytes"));
    EXPECT_THAT(html, HasSubstr("export the take again"));
    EXPECT_THAT(html, HasSubstr("no space left on device"));
    EXPECT_THAT(html, HasSubstr("1 file delivered and proven, 3 failed, 1 canceled"));
    EXPECT_EQ(count(html, "<td class=\"bad\">"), 1U);
}

TEST(Report, EscapesEveryTextFromOutside) {
    DUBPLATE_NEEDS_XMLLINT();
    const std::string evil = "<script>alert(\"1\")</script>'&\xFF\x01\u202E";
    Manifest manifest = sample_manifest();
    manifest.version = manifest.created_utc = manifest.spec_json = evil;
    for (ManifestItem& item : manifest.items) {
        item.input = item.outcome = item.source_format = item.sha256 = evil;
        item.warnings = {evil};
        item.error = fail(ErrorCode::corrupt, evil, evil);
        for (ManifestFile& file : item.files) {
            file.path = file.format = file.encoder = file.decoder = file.method_reason = evil;
            file.bit_depth = file.sha256 = evil;
            file.generation_reasons = {evil};
            file.checks[0] = {evil, evil, evil, false};
            file.tags[0] = {evil, evil, evil, false};
            file.losses = {{evil, evil}};
        }
    }

    const std::string html = render_html(manifest);

    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_EQ(xml_faults(html), "");
}

TEST(Report, TakesSilenceAndEmptyPictures) {
    DUBPLATE_NEEDS_XMLLINT();
    Manifest manifest = sample_manifest();
    manifest.items.resize(1);
    ManifestFile& file = manifest.items[0].files[0];
    file.loudness = {.integrated_lufs = silence_db,
                     .max_momentary_lufs = silence_db,
                     .max_short_term_lufs = silence_db,
                     .true_peak_dbtp = silence_db};
    for (float& value : file.pictures.momentary_lufs) value = -std::numeric_limits<float>::infinity();
    file.target_lufs.reset();
    manifest.items[0].files[1].pictures = {};

    const std::string html = render_html(manifest);

    EXPECT_EQ(xml_faults(html), "");
    EXPECT_THAT(html, HasSubstr("<strong>silent</strong>"));
    EXPECT_THAT(html, Not(HasSubstr("inf ")));
    EXPECT_EQ(count(html, "<title>Waveform</title>"), 1U);
}

}  // namespace
}  // namespace dubplate
