#include "exports/pack/pack_output.h"

namespace dubplate {

namespace {

constexpr std::uint64_t most_small_bytes = 64U << 20U;

}  // namespace

Result<std::unique_ptr<PackOutput>> PackOutput::open(const PackPlan& plan, std::stop_token stop) {
    std::unique_ptr<PackOutput> output(new PackOutput(plan, std::move(stop)));
    if (!plan.is_zip) return output;
    DUBPLATE_TRY(output->archive_,
                 plan.target.store->create(plan.target.output, {.overwrite = plan.target.overwrite}));
    output->writer_ = std::make_unique<ZipWriter>(*output->archive_);
    return output;
}

Result<std::unique_ptr<PendingFile>> PackOutput::create(const std::filesystem::path& path) const {
    if (!is_archive()) return target_.store->create(target_.output / path, {.overwrite = target_.overwrite});
    const std::filesystem::path parts =
        target_.output.parent_path() / ("." + target_.output.filename().string() + ".parts");
    return target_.store->create(parts / path, {.overwrite = true});
}

Status PackOutput::deliver(const std::filesystem::path& path, PendingFile& file) {
    DUBPLATE_TRY(const auto content, file.read_back());
    return writer_->add(path.generic_string(), *content, ZipMethod::store, stop_);
}

std::vector<Status> PackOutput::deliver_all(std::span<PendingFile* const> files) {
    return target_.store->publish_all(files);
}

Result<Bytes> PackOutput::deliver(const std::filesystem::path& path, std::span<const std::byte> content) {
    DUBPLATE_TRY(auto file, create(path));
    return deliver(path, content, std::move(file));
}

Status PackOutput::deliver_manifest(std::span<const std::byte> content) {
    const std::filesystem::path path = "manifest.json";
    if (is_archive()) return deliver(path, content).map([](const Bytes&) {});
    DUBPLATE_TRY(auto file, target_.store->create(target_.output / path, {.overwrite = true}));
    return deliver(path, content, std::move(file)).map([](const Bytes&) {});
}

Result<Bytes> PackOutput::deliver(const std::filesystem::path& path, std::span<const std::byte> content,
                                  std::unique_ptr<PendingFile> file) {
    DUBPLATE_CHECK(file->append(content));
    DUBPLATE_TRY(const auto source, file->read_back());
    DUBPLATE_TRY(Bytes back, read_all(*source, most_small_bytes));
    if (is_archive()) {
        DUBPLATE_CHECK(writer_->add(path.generic_string(), content, ZipMethod::deflate, stop_));
    } else {
        DUBPLATE_CHECK(file->publish());
    }
    return back;
}

Status PackOutput::finish() {
    if (!is_archive()) return {};
    DUBPLATE_CHECK(writer_->finish(true));
    return archive_->publish();
}

}  // namespace dubplate
