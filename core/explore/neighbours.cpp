// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/map.h"

#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>
#include <thread>

namespace precordia {

namespace {

using Vector = Eigen::VectorXf;
constexpr Eigen::Index kBlock = 256;
constexpr int kSpare = 8; // |a|^2 + |b|^2 - 2ab loses digits for near points: a few more are kept and measured again

float exactDistance(const Matrix& values, Eigen::Index a, Eigen::Index b) {
    return (values.row(a) - values.row(b)).norm();
}

void keepNearest(const Matrix& values, Eigen::Index row, std::vector<std::pair<float, int>>& candidates,
                 Neighbours& out) {
    for (auto& [distance, index] : candidates)
        distance = exactDistance(values, row, index);
    std::sort(candidates.begin(), candidates.end());
    const auto k = static_cast<std::size_t>(out.k);
    for (std::size_t j = 0; j < k; ++j) {
        out.index[static_cast<std::size_t>(row) * k + j] = candidates[j].second;
        out.distance[static_cast<std::size_t>(row) * k + j] = candidates[j].first;
    }
}

void exactBlock(const Matrix& values, const Vector& squares, Eigen::Index first, Eigen::Index rows, Neighbours& out) {
    const Eigen::Index n = values.rows();
    Matrix distance = -2.0F * values.middleRows(first, rows) * values.transpose();
    distance.rowwise() += squares.transpose();
    const auto wanted = static_cast<std::size_t>(std::min<Eigen::Index>(out.k + kSpare, n - 1));
    std::vector<std::pair<float, int>> heap; // the largest of the kept on top
    for (Eigen::Index r = 0; r < rows; ++r) {
        heap.clear();
        const float* line = distance.row(r).data();
        for (Eigen::Index c = 0; c < n; ++c) {
            if (c == first + r || (heap.size() == wanted && line[c] >= heap.front().first))
                continue;
            if (heap.size() == wanted) {
                std::pop_heap(heap.begin(), heap.end());
                heap.pop_back();
            }
            heap.emplace_back(line[c], static_cast<int>(c));
            std::push_heap(heap.begin(), heap.end());
        }
        keepNearest(values, first + r, heap, out);
    }
}

Result<Neighbours> exactNeighbours(const Matrix& values, Neighbours out, const StopToken& stop, Progress& progress) {
    const Eigen::Index n = values.rows();
    // Distances do not change with the origin; small norms keep more digits.
    const Matrix centred = values.rowwise() - values.colwise().mean();
    const Vector squares = centred.rowwise().squaredNorm();
    progress.begin("Nearest neighbours", n);
    std::atomic<Eigen::Index> next{0};
    const auto work = [&] {
        for (;;) {
            const Eigen::Index first = next.fetch_add(kBlock);
            if (first >= n || stop.stop_requested())
                return;
            const Eigen::Index rows = std::min(kBlock, n - first);
            exactBlock(centred, squares, first, rows, out);
            progress.advance(rows);
        }
    };
    {
        std::vector<std::jthread> threads;
        const unsigned helpers = std::clamp(std::thread::hardware_concurrency(), 1U, 8U) - 1U;
        for (unsigned i = 0; i < helpers && static_cast<Eigen::Index>(i + 1) * kBlock < n; ++i)
            threads.emplace_back(work);
        work();
    }
    if (stop.stop_requested())
        return Cancelled{};
    return out;
}

Result<Neighbours> approximateNeighbours(const Matrix& values, Neighbours out, const StopToken& stop,
                                         Progress& progress) {
    constexpr std::size_t kLinks = 16;
    constexpr std::size_t kBuild = 200;
    constexpr std::size_t kSearch = 64;
    const auto n = static_cast<std::size_t>(values.rows());
    hnswlib::L2Space space(static_cast<std::size_t>(values.cols()));
    hnswlib::HierarchicalNSW<float> index(&space, n, kLinks, kBuild);
    // One thread: the graph, and so the answer, is the same every time.
    progress.begin("Neighbour index", static_cast<std::int64_t>(n));
    for (std::size_t i = 0; i < n; ++i) {
        if (stop.stop_requested())
            return Cancelled{};
        index.addPoint(values.row(static_cast<Eigen::Index>(i)).data(), i);
        progress.advance();
    }
    index.setEf(std::max<std::size_t>(kSearch, static_cast<std::size_t>(out.k) + 1));
    progress.begin("Nearest neighbours", static_cast<std::int64_t>(n));
    std::vector<std::pair<float, int>> found;
    for (std::size_t i = 0; i < n; ++i) {
        if (stop.stop_requested())
            return Cancelled{};
        auto queue =
            index.searchKnn(values.row(static_cast<Eigen::Index>(i)).data(), static_cast<std::size_t>(out.k) + 1);
        found.clear();
        for (; !queue.empty(); queue.pop())
            if (queue.top().second != i)
                found.emplace_back(0.0F, static_cast<int>(queue.top().second));
        // Equal points can hide the row itself or leave the answer short.
        for (std::size_t j = 1; found.size() < static_cast<std::size_t>(out.k); ++j) {
            const int other = static_cast<int>((i + j) % n);
            if (std::none_of(found.begin(), found.end(), [other](const auto& f) { return f.second == other; }))
                found.emplace_back(0.0F, other);
        }
        keepNearest(values, static_cast<Eigen::Index>(i), found, out);
        progress.advance();
    }
    return out;
}

} // namespace

Result<Neighbours> nearestNeighbours(const Matrix& values, int k, StopToken stop, Progress& progress, int exactLimit) {
    if (k < 1 || k >= values.rows())
        return makeError(ErrorCode::ValueOutOfRange, std::to_string(k) + " neighbours cannot be found among " +
                                                         std::to_string(values.rows()) + " recordings");
    if (!values.allFinite())
        return makeError(ErrorCode::NotFinite, "the table holds values that are not finite");
    Neighbours out;
    out.k = k;
    out.index.resize(static_cast<std::size_t>(values.rows()) * static_cast<std::size_t>(k));
    out.distance.resize(out.index.size());
    return values.rows() <= exactLimit ? exactNeighbours(values, std::move(out), stop, progress)
                                       : approximateNeighbours(values, std::move(out), stop, progress);
}

} // namespace precordia
