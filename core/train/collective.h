// SPDX-License-Identifier: GPL-3.0-or-later
// The processes of one run on one machine: each computes a part of every batch, and gradients are summed. The only
// thing of the program that opens a socket, on the loopback address only, and only in a run that was asked for in
// several processes.
#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/jepa/batch_share.h"

#include <ATen/core/Tensor.h>

#include <memory>
#include <stdexcept>

namespace precordia {

// Another process of the run ended or stopped answering: thrown by the collective calls below.
class ProcessLost : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Collective {
public:
    virtual ~Collective() = default;
    virtual int rank() const = 0;
    virtual int size() const = 0;
    // x becomes its sum over all processes, in place, the same bits in each. Contiguous, CPU; float32, float64 or
    // int64.
    virtual void sum(at::Tensor& x) = 0;

    // Rows of a batch that are this process's: contiguous, as equal as can be.
    BatchShare share(std::int64_t batch);
    // The largest of what the processes say.
    std::int64_t largest(std::int64_t value);
    // Every process's value, by rank.
    std::vector<std::int64_t> all(std::int64_t value);
};

// Waits for all processes of the group. Errors: WrongUse (an address that is not this machine's own, ranks that make no
// sense), ProcessLost when this build has no Gloo or not all processes come in time. Cancelled by stop.
Result<std::unique_ptr<Collective>> joinProcesses(const ProcessPlace& place, const StopToken& stop);

} // namespace precordia
