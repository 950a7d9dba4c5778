#include "library/similar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "library/found.h"

namespace dubplate {

namespace {

// All vectors of as many dimensions as the one that is asked for, one behind the other.
struct Vectors {
    std::vector<std::string> sha256;
    std::vector<float> values;
    std::size_t dimensions = 0;

    std::span<const float> at(std::size_t i) const {
        return std::span(values).subspan(i * dimensions, dimensions);
    }
};

Result<Vectors> load_vectors(Catalog& catalog, std::size_t dimensions) {
    Vectors vectors;
    vectors.dimensions = dimensions;
    constexpr std::array types{ColumnType::text, ColumnType::text};
    DUBPLATE_CHECK(catalog.database.query("SELECT sha256, vector FROM vectors", {}, types,
                                          [&](const Row& row) -> Status {
                                              const std::size_t before = vectors.values.size();
                                              const bool read = read_vector(row.text(1), vectors.values);
                                              if (read && vectors.values.size() == before + dimensions) {
                                                  vectors.sha256.push_back(row.text(0));
                                              } else {
                                                  vectors.values.resize(before);  // of another analyzer
                                              }
                                              return {};
                                          }));
    return vectors;
}

// 1 / deviation of each dimension; 0 for one that is the same everywhere.
std::vector<float> weights_of(const Vectors& vectors) {
    std::vector<double> sum(vectors.dimensions);
    std::vector<double> squares(vectors.dimensions);
    for (std::size_t i = 0; i < vectors.sha256.size(); ++i)
        for (std::size_t d = 0; d < vectors.dimensions; ++d) {
            const auto value = static_cast<double>(vectors.at(i)[d]);
            sum[d] += value;
            squares[d] += value * value;
        }
    std::vector<float> weights;
    const auto count = static_cast<double>(vectors.sha256.size());
    for (std::size_t d = 0; d < vectors.dimensions; ++d) {
        const double mean = sum[d] / count;
        const double variance = squares[d] / count - mean * mean;
        weights.push_back(variance > 1e-12 ? static_cast<float>(1 / std::sqrt(variance)) : 0.0F);
    }
    return weights;
}

std::ptrdiff_t offset(std::size_t place) {
    return static_cast<std::ptrdiff_t>(place);
}

float squared_distance(std::span<const float> a, std::span<const float> b, std::span<const float> weights) {
    float sum = 0;
    for (std::size_t d = 0; d < a.size(); ++d) {
        const float difference = (a[d] - b[d]) * weights[d];
        sum += difference * difference;
    }
    return sum;
}

}  // namespace

Result<std::vector<Similar>> find_similar(Catalog& catalog, const Asset& asset, std::size_t limit) {
    DUBPLATE_TRY(const auto text,
                 catalog.database.find_text("SELECT vector FROM vectors WHERE sha256 = ?", {asset.sha256}));
    std::vector<float> wanted;
    if (!text || text->empty() || !read_vector(*text, wanted))
        return fail(ErrorCode::not_found, fmt::format("asset {} was not analyzed for similarity", asset.id),
                    "add its file again");
    DUBPLATE_TRY(const Vectors vectors, load_vectors(catalog, wanted.size()));
    const std::vector<float> weights = weights_of(vectors);
    std::vector<std::pair<float, std::size_t>> nearest;
    for (std::size_t i = 0; i < vectors.sha256.size(); ++i)
        if (vectors.sha256[i] != asset.sha256)
            nearest.emplace_back(squared_distance(wanted, vectors.at(i), weights), i);
    const auto is_nearer = [&](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first : vectors.sha256[a.second] < vectors.sha256[b.second];
    };
    std::vector<Similar> similar;
    std::size_t sorted = 0;
    for (std::size_t at = 0; at < nearest.size() && similar.size() < limit; ++at) {
        if (at == sorted) {
            // As many as are asked for, and more where some of them are no longer there.
            sorted = std::min(nearest.size(), at + std::max<std::size_t>(limit, 1));
            std::partial_sort(nearest.begin() + offset(at), nearest.begin() + offset(sorted), nearest.end(),
                              is_nearer);
        }
        const auto& [distance, i] = nearest[at];
        Result<Asset> found = find_asset(catalog, vectors.sha256[i]);
        // What was removed keeps its analysis, should it come back.
        if (!found && found.error().code == ErrorCode::not_found) continue;
        if (!found) return found.error();
        const double mean = static_cast<double>(distance) / static_cast<double>(wanted.size());
        similar.push_back({*std::move(found), std::sqrt(mean)});
    }
    return similar;
}

}  // namespace dubplate
