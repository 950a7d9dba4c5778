#include "tags/piece_stream.h"

#include <algorithm>

namespace dubplate {

namespace {

constexpr std::size_t copy_block_bytes = 256 * 1024;

}  // namespace

PieceStream::PieceStream(const ByteSource& source)
    : source_(source), name_(source.name()), pieces_{{0, source.size()}}, length_(source.size()) {}

Result<std::size_t> PieceStream::read_piece(const Piece& piece, std::uint64_t skip,
                                            std::span<std::byte> target) const {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(piece.length - skip, target.size()));
    if (!piece.memory) return source_.read_at(piece.offset + skip, target.first(count));
    std::copy_n(piece.memory->begin() + static_cast<std::ptrdiff_t>(piece.offset + skip), count,
                target.begin());
    return count;
}

TagLib::ByteVector PieceStream::readBlock(unsigned long length) {
    if (!status_ || position_ >= length_) return {};
    Bytes read(static_cast<std::size_t>(std::min<std::uint64_t>(length, length_ - position_)));
    std::size_t filled = 0;
    std::uint64_t begin = 0;
    for (const Piece& piece : pieces_) {
        while (filled < read.size() && position_ < begin + piece.length) {
            const auto got = read_piece(piece, position_ - begin, std::span(read).subspan(filled));
            if (!got || *got == 0) {
                status_ = got ? fail(ErrorCode::io, "the file became shorter while it was read")
                              : Error(got.error());
                return {};
            }
            filled += *got;
            position_ += *got;
        }
        begin += piece.length;
    }
    return {reinterpret_cast<const char*>(read.data()), static_cast<unsigned int>(read.size())};
}

std::size_t PieceStream::cut_at(std::uint64_t place) {
    std::uint64_t begin = 0;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        if (place == begin) return i;
        Piece& piece = pieces_[i];
        if (place < begin + piece.length) {
            const std::uint64_t head = place - begin;
            const Piece tail{piece.offset + head, piece.length - head, piece.memory};
            piece.length = head;
            pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(i) + 1, tail);
            return i + 1;
        }
        begin += piece.length;
    }
    return pieces_.size();
}

void PieceStream::splice(std::uint64_t start, std::uint64_t removed, const TagLib::ByteVector& data) {
    start = std::min(start, length_);
    removed = std::min(removed, length_ - start);
    const std::size_t first = cut_at(start);
    const std::size_t last = cut_at(start + removed);
    pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(first),
                  pieces_.begin() + static_cast<std::ptrdiff_t>(last));
    if (!data.isEmpty()) {
        const auto* const bytes = reinterpret_cast<const std::byte*>(data.data());
        pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(first),
                       {0, data.size(), std::make_shared<const Bytes>(bytes, bytes + data.size())});
    }
    length_ = length_ - removed + data.size();
}

void PieceStream::writeBlock(const TagLib::ByteVector& data) {
    splice(position_, data.size(), data);
    position_ += data.size();
}

void PieceStream::insert(const TagLib::ByteVector& data, unsigned long start, unsigned long replace) {
    splice(start, replace, data);
}

void PieceStream::removeBlock(unsigned long start, unsigned long length) {
    splice(start, length, {});
}

void PieceStream::truncate(long length) {
    const auto kept = static_cast<std::uint64_t>(std::max(length, 0L));
    if (kept < length_) splice(kept, length_ - kept, {});
}

void PieceStream::seek(long offset, Position from) {
    const long base = from == Beginning ? 0 : from == Current ? tell() : length();
    position_ = static_cast<std::uint64_t>(std::max(base + offset, 0L));
}

Status PieceStream::write_to(PendingFile& file, std::stop_token stop) const {
    Bytes block(copy_block_bytes);
    for (const Piece& piece : pieces_) {
        for (std::uint64_t done = 0; done < piece.length;) {
            if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
            DUBPLATE_TRY(const std::size_t got, read_piece(piece, done, block));
            if (got == 0) return fail(ErrorCode::io, "the file became shorter while it was read");
            DUBPLATE_CHECK(file.append(std::span(block).first(got)));
            done += got;
        }
    }
    return {};
}

}  // namespace dubplate
