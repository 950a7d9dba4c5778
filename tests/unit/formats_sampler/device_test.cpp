// The laws that every sampler of the catalog obeys.
#include "unit/formats_sampler/projects.h"

#include "core/unicode.h"

namespace dubplate::test {

namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;

class SamplerLaw : public testing::TestWithParam<const SamplerDevice*> {
  protected:
    const SamplerDevice& device() const { return *GetParam(); }
    SamplerPad pad_at(std::size_t index) const {
        SamplerPad pad = plain_pad(device().place_at(index));
        if (device().max_pad_name > 0) pad.name = "Kick " + std::to_string(index);
        return pad;
    }
};

TEST_P(SamplerLaw, IsFoundByItsName) {
    EXPECT_EQ(find_sampler_device(device().name), &device());
    EXPECT_EQ(find_sampler_device("mpc"), nullptr);
    for (const SampleFileKind* kind : device().plain_files)
        EXPECT_EQ(device().find_plain_file(kind->name), kind);
    EXPECT_EQ(device().find_plain_file("flac"), nullptr);
}

TEST_P(SamplerLaw, NamesEachPadOnce) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(device().pads()); ++i) {
        const PadPlace place = device().place_at(i);
        EXPECT_EQ(device().index_of(place), i);
        EXPECT_EQ(device().parse_place(place.to_string()).value_or(PadPlace{-1, 0}), place);
    }
    EXPECT_EQ(device().parse_place(" b7 ").value_or(PadPlace{}), (PadPlace{1, 7}));
}

TEST_P(SamplerLaw, RefusesPadsThatItDoesNotHave) {
    const std::string behind = "A" + std::to_string(device().pads_per_bank + 1);
    const std::string bank = std::string(1, static_cast<char>('A' + device().banks)) + "1";
    for (const std::string& text :
         {behind, bank, std::string("A0"), std::string("A"), std::string(), std::string("17"),
          std::string("A-1"), std::string("@1"), std::string("A1x")}) {
        const auto place = device().parse_place(text);

        ASSERT_FALSE(place) << text;
        EXPECT_EQ(place.error().code, ErrorCode::invalid_argument);
        EXPECT_THAT(place.error().to_string(), HasSubstr(std::string(device().title)));
    }
}

TEST_P(SamplerLaw, RoundsItsShortestLengthsUp) {
    EXPECT_GE(device().min_frames() * 1000,
              std::int64_t{device().min_milliseconds} * device().sample_rate_hz);
    EXPECT_GE(device().padded_frames(), device().min_frames());
}

TEST_P(SamplerLaw, GivesBackAnEmptyProject) {
    const SamplerProject empty = device().held({});
    const auto back = read_back(device(), empty);

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(*back, empty);
    EXPECT_THAT(device().losses(empty), IsEmpty());
}

TEST_P(SamplerLaw, GivesBackEveryPadThatItCanHold) {
    SamplerProject project = device().held({});
    for (std::size_t i = 0; i < static_cast<std::size_t>(device().pads()); ++i)
        project.pads.push_back(pad_at(i));

    const auto back = read_back(device(), project);

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(*back, project);
    EXPECT_THAT(device().losses(project), IsEmpty());
}

TEST_P(SamplerLaw, GivesBackWhatItHoldsOfAnyProject) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        SamplerProject project{.name = "Night Drive", .bpm = 30 + static_cast<double>(seed), .pads = {}};
        for (std::size_t i = seed % 3; i < static_cast<std::size_t>(device().pads()); i += 1 + seed % 17)
            project.pads.push_back(random_pad(Random(seed, i), device().place_at(i)));

        const auto back = read_back(device(), project);

        ASSERT_TRUE(back) << seed << ": " << back.error().to_string();
        ASSERT_EQ(*back, device().held(project)) << seed;
        ASSERT_EQ(device().held(*back), *back) << seed;
        ASSERT_THAT(device().losses(*back), IsEmpty()) << seed;
    }
}

TEST_P(SamplerLaw, TellsALossWhereverAPadIsHeldAsSomethingElse) {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        SamplerPad pad = random_pad(Random(seed), {0, 1});
        pad.settings.loop = true;  // else its loop point does not matter
        pad.chop_frames.clear();
        pad.name = to_valid_utf8(pad.name);

        SamplerPad held = device().held_pad(pad);
        if (!held.settings.bpm && pad.settings.bpm == device().default_bpm)
            held.settings.bpm = pad.settings.bpm;
        EXPECT_EQ(device().losses(pad).empty(), held == pad) << seed;
    }
}

TEST_P(SamplerLaw, WritesTheSameBytesTwice) {
    const SamplerProject project{.name = "Night Drive", .bpm = 93.5, .pads = {pad_at(0), pad_at(20)}};

    EXPECT_EQ(device().write_table(project), device().write_table(project));
}

TEST_P(SamplerLaw, ReadsTheHeadersOfItsSamples) {
    std::vector<const SampleFileKind*> kinds(device().plain_files.begin(), device().plain_files.end());
    kinds.push_back(device().project_file);
    for (const SampleFileKind* kind : kinds)
        for (const SampleLayout& layout :
             {SampleLayout{48'000, 2, 144'000}, SampleLayout{44'100, 1, 12'345}, SampleLayout{8000, 1, 0},
              SampleLayout{192'000, 2, device().max_frames}}) {
            const Bytes header = kind->write_header(layout, {9, 12});
            const auto size = header.size() + static_cast<std::uint64_t>(layout.frames * layout.channels * 2);

            ASSERT_EQ(header.size(), kind->header_bytes);
            const auto back = kind->read_header(header, size);
            ASSERT_TRUE(back) << kind->name << ": " << back.error().to_string();
            EXPECT_EQ(*back, layout);
        }
}

TEST_P(SamplerLaw, RefusesAHeaderWithAnyOtherByte) {
    const SampleLayout layout{44'100, 2, 5000};
    for (const SampleFileKind* kind :
         {device().plain_files[0], device().plain_files[1], device().project_file}) {
        const Bytes header = kind->write_header(layout, {0, 1});
        const std::uint64_t size = header.size() + 20'000;
        for (std::size_t i = 0; i < header.size(); ++i) {
            Bytes other = header;
            other[i] ^= std::byte{0x81};
            const auto back = kind->read_header(other, size);
            // The filler of SMP is any, a sample of the SX may belong to another pad, and AIFF tells the rate once.
            const bool any = (kind->name == "smp" && i >= 0x30) || (kind->name == "rlnd" && i == 58) ||
                             (kind->name == "aiff" && back && back->sample_rate_hz != layout.sample_rate_hz);
            EXPECT_TRUE(any || !back) << kind->name << " " << i;
        }
        EXPECT_FALSE(kind->read_header(header, size - 4)) << kind->name << ": cut off";
        EXPECT_FALSE(kind->read_header(header, size + 4)) << kind->name << ": something behind the audio";
        EXPECT_FALSE(kind->read_header(std::span(header).first(20), 20)) << kind->name;
    }
}

TEST_P(SamplerLaw, RefusesTablesThatAreCutOffOrGoOn) {
    Bytes table = device().write_table({});
    ASSERT_TRUE(device().read_table(table, {}));
    for (const std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{100}, table.size() - 1}) {
        const auto back = device().read_table(std::span(table).first(size), {});
        ASSERT_FALSE(back);
        EXPECT_EQ(back.error().code, ErrorCode::corrupt);
    }
    table.push_back({});
    EXPECT_FALSE(device().read_table(table, {}));
}

TEST_P(SamplerLaw, LaysOutEveryByteOfItsRecords) {
    for (const RecordLayout* layout : device().layouts) {
        std::size_t end = 0;
        for (const LayoutField& field : layout->fields) {
            EXPECT_EQ(field.offset, end) << layout->title << ": " << field.name;
            end = field.offset + field.bytes * field.count;
        }
        EXPECT_EQ(end, layout->bytes) << layout->title;
    }
}

INSTANTIATE_TEST_SUITE_P(Devices, SamplerLaw,
                         testing::ValuesIn(sampler_devices().begin(), sampler_devices().end()),
                         [](const auto& test) { return std::string(test.param->name); });

}  // namespace

}  // namespace dubplate::test
