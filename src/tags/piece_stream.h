// piece_stream.h: a file that TagLib edits, while its source stays as it is. Internal to tags.
//
// Shape    a list of pieces, each a stretch of the source or bytes in memory; TagLib's insertions and removals change the list
//          alone. write_to() copies what the list says.
// Memory   what TagLib wrote; never the audio.
// Threads  thread-compatible; the source is borrowed.
// Errors   status(): the first failure of the source, after which reads are empty.
#pragma once

#include <taglib/tiostream.h>

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/store.h"

namespace dubplate {

class PieceStream final : public TagLib::IOStream {
  public:
    explicit PieceStream(const ByteSource& source);

    const Status& status() const { return status_; }
    Status write_to(PendingFile& file, std::stop_token stop) const;

    TagLib::FileName name() const override { return name_.c_str(); }
    TagLib::ByteVector readBlock(unsigned long length) override;
    void writeBlock(const TagLib::ByteVector& data) override;
    void insert(const TagLib::ByteVector& data, unsigned long start, unsigned long replace) override;
    void removeBlock(unsigned long start, unsigned long length) override;
    bool readOnly() const override { return false; }
    bool isOpen() const override { return true; }
    void seek(long offset, Position from) override;
    long tell() const override { return static_cast<long>(position_); }
    long length() override { return static_cast<long>(length_); }
    void truncate(long length) override;

  private:
    struct Piece {
        std::uint64_t offset = 0;  // in the source or in the memory
        std::uint64_t length = 0;
        std::shared_ptr<const Bytes> memory{};  // null: the source
    };

    // The index of the piece that begins at `place`, which is cut in two there where it lies within one.
    std::size_t cut_at(std::uint64_t place);
    void splice(std::uint64_t start, std::uint64_t removed, const TagLib::ByteVector& data);
    Result<std::size_t> read_piece(const Piece& piece, std::uint64_t skip, std::span<std::byte> target) const;

    const ByteSource& source_;
    std::string name_;
    std::vector<Piece> pieces_;
    std::uint64_t length_;
    std::uint64_t position_ = 0;
    Status status_;
};

}  // namespace dubplate
