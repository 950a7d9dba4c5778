#include "tags/edit_tags.h"

#include <taglib/aifffile.h>
#include <taglib/flacfile.h>
#include <taglib/id3v2framefactory.h>
#include <taglib/id3v2tag.h>
#include <taglib/mpegfile.h>
#include <taglib/textidentificationframe.h>
#include <taglib/wavfile.h>
#include <taglib/xiphcomment.h>

#include <array>

#include "tags/id3v2_frames.h"
#include "tags/piece_stream.h"

namespace dubplate {

namespace {

namespace id3v2 = TagLib::ID3v2;

void set_frame(id3v2::Tag& tag, const char* id, const std::optional<std::string>& value) {
    if (!value) return;
    tag.removeFrames(id);
    auto* frame = new id3v2::TextIdentificationFrame(id, TagLib::String::Latin1);  // the tag owns it
    frame->setText(*value);
    tag.addFrame(frame);
}

id3v2::Version edit_id3(id3v2::Tag& tag, const TagEdit& edit) {
    set_frame(tag, "TBPM", edit.bpm);
    set_frame(tag, "TKEY", edit.key);
    return tag.header()->majorVersion() == 3 ? id3v2::v3 : id3v2::v4;
}

bool edit_wav(PieceStream& stream, const TagEdit& edit) {
    TagLib::RIFF::WAV::File file(&stream, false);
    if (!file.isValid()) return false;
    const id3v2::Version version = edit_id3(*file.ID3v2Tag(), edit);
    return file.save(TagLib::RIFF::WAV::File::ID3v2, TagLib::File::StripNone, version);
}

bool edit_aiff(PieceStream& stream, const TagEdit& edit) {
    TagLib::RIFF::AIFF::File file(&stream, false);
    if (!file.isValid()) return false;
    return file.save(edit_id3(*file.tag(), edit));
}

bool edit_mp3(PieceStream& stream, const TagEdit& edit) {
    TagLib::MPEG::File file(&stream, id3v2::FrameFactory::instance(), false);
    if (!file.isValid()) return false;
    const id3v2::Version version = edit_id3(*file.ID3v2Tag(true), edit);
    return file.save(TagLib::MPEG::File::ID3v2, TagLib::File::StripNone, version,
                     TagLib::File::DoNotDuplicate);
}

bool edit_flac(PieceStream& stream, const TagEdit& edit) {
    TagLib::FLAC::File file(&stream, id3v2::FrameFactory::instance(), false);
    if (!file.isValid()) return false;
    TagLib::Ogg::XiphComment& comment = *file.xiphComment(true);
    if (edit.bpm) comment.addField("BPM", *edit.bpm);
    if (edit.key) comment.addField("INITIALKEY", *edit.key);
    return file.save();
}

struct Editor {
    std::string_view format;
    std::string_view mark;  // that the file begins with; TagLib takes any for WAV, RF64 among them, and AIFF
    bool (*edit)(PieceStream&, const TagEdit&);
};
constexpr Editor editors[] = {{"wav", "RIFF", &edit_wav},
                              {"aiff", "FORM", &edit_aiff},
                              {"flac", "", &edit_flac},
                              {"mp3", "", &edit_mp3}};

const Editor* find_editor(std::string_view format) {
    for (const Editor& editor : editors)
        if (editor.format == format) return &editor;
    return nullptr;
}

// TagLib 1.13 goes as deep as chapters are nested, so a file of thousands would overrun the stack. Found anywhere in the file:
// audio holds the letters by chance once in gigabytes.
Status check_chapters(const ByteSource& source, const std::stop_token& stop) {
    constexpr std::size_t most_chapters = 1000;
    constexpr std::size_t block_bytes = 256 * 1024;
    constexpr std::array<std::string_view, 2> ids{"CHAP", "CTOC"};
    Bytes block(block_bytes);
    std::size_t found = 0;
    for (std::uint64_t offset = 0; offset < source.size(); offset += block_bytes - 3) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(const std::size_t got, source.read_at(offset, block));
        const std::string_view text(reinterpret_cast<const char*>(block.data()), got);
        for (const std::string_view id : ids)
            for (std::size_t at = text.find(id); at != std::string_view::npos; at = text.find(id, at + 1))
                ++found;
    }
    if (found <= most_chapters) return {};
    return fail(ErrorCode::limit_exceeded, "its tags hold more than 1000 chapters");
}

}  // namespace

bool can_edit_tags(std::string_view format) {
    return find_editor(format) != nullptr;
}

bool forbids_editing(const Loss& loss) {
    return loss.why == sealed_frame || loss.what == "ID3v2 tag";
}

Status edit_tags(const ByteSource& source, std::string_view format, const TagEdit& edit, PendingFile& file,
                 std::stop_token stop) {
    const Editor* editor = find_editor(format);
    if (editor == nullptr) return fail(ErrorCode::unsupported, "tags of this format are not written");
    DUBPLATE_CHECK(check_chapters(source, stop));
    PieceStream stream(source);
    const TagLib::ByteVector head = stream.readBlock(editor->mark.size());
    const bool has_mark = std::string_view(head.data(), head.size()) == editor->mark;
    stream.seek(0, TagLib::IOStream::Beginning);
    const bool edited = has_mark && editor->edit(stream, edit);
    DUBPLATE_CHECK(stream.status());
    if (!edited) return fail(ErrorCode::unsupported, "its tags cannot be edited in place");
    return stream.write_to(file, std::move(stop));
}

}  // namespace dubplate
