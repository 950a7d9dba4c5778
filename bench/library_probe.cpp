// What a question to the library costs inside a program: `bench_library_probe CATALOG` prints JSON of the median of 15 runs of each in
// milliseconds of CPU time and of the clock, and how many assets it gave. bench/library.py makes the catalog and runs this.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

#include "library/query_sql.h"
#include "library/similar.h"

namespace dubplate {

namespace {

constexpr int runs = 15;

Result<std::size_t> ask(Catalog& catalog, const std::string& text, std::int64_t limit) {
    DUBPLATE_TRY(const Query query, parse_query(text, catalog.now()));
    std::size_t count = 0;
    DUBPLATE_CHECK(find_assets(catalog, query, limit, [&](const Asset& asset) -> Status {
        count += !asset.id.empty();
        return {};
    }));
    return count;
}

Status measure(const char* name, const std::function<Result<std::size_t>()>& question) {
    using std::chrono::steady_clock;
    std::vector<double> times;
    std::vector<double> elapsed;
    std::size_t count = 0;
    for (int run = 0; run < runs; ++run) {
        const auto at = steady_clock::now();
        const std::clock_t begin = std::clock();
        DUBPLATE_TRY(count, question());
        times.push_back(1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
        elapsed.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - at).count());
    }
    std::ranges::sort(times);
    std::ranges::sort(elapsed);
    fmt::print(
        "{}\n  {{\"question\": \"{}\", \"assets\": {}, \"milliseconds\": {:.3f}, \"elapsed\": {:.3f}}}",
        std::string_view(name) == "all" ? "[" : ",", name, count, times[runs / 2], elapsed[runs / 2]);
    return {};
}

Status measure_all(const std::string& path) {
    DUBPLATE_TRY(Catalog catalog, open_catalog(path, {.create = false}));
    Asset first;
    DUBPLATE_CHECK(find_assets(catalog, {}, 1, [&](const Asset& asset) -> Status {
        first = asset;
        return {};
    }));
    const auto asking = [&](std::string text, std::int64_t limit) {
        return [&catalog, text = std::move(text), limit] { return ask(catalog, text, limit); };
    };
    DUBPLATE_CHECK(measure("all", asking("", 0)));
    DUBPLATE_CHECK(measure("newest 50", asking("", 50)));
    DUBPLATE_CHECK(measure("bpm:90..110 bpm+", asking("bpm:90..110 bpm+", 0)));
    DUBPLATE_CHECK(measure("bpm:90..110 key:Am", asking("bpm:90..110 key:Am", 0)));
    DUBPLATE_CHECK(measure("title:77", asking("title:77", 0)));
    DUBPLATE_CHECK(measure("word in any text", asking("77", 0)));
    DUBPLATE_CHECK(measure("similar, 10 nearest", [&]() -> Result<std::size_t> {
        DUBPLATE_TRY(const auto similar, find_similar(catalog, first, 10));
        return similar.size();
    }));
    fmt::print("\n]\n");
    return {};
}

}  // namespace

}  // namespace dubplate

int main(int count, char** arguments) {
    const auto status =
        count == 2
            ? dubplate::measure_all(arguments[1])
            : dubplate::Status(dubplate::fail(dubplate::ErrorCode::invalid_argument, "name a catalog"));
    if (!status) fmt::print(stderr, "{}\n", status.error().to_string());
    return status ? 0 : 1;
}
