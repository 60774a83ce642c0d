// SPDX-License-Identifier: GPL-3.0-or-later
// From the host to the device without waiting for it. A copy from ordinary memory holds the host up until the stream
// has come to it; from pinned memory it is queued, and the allocator keeps the source until it is done.
#pragma once

#include <ATen/core/Tensor.h>

namespace precordia {

inline at::Tensor queuedTo(const at::Tensor& host, at::Device device) {
    if (device.is_cpu() || !host.defined())
        return host;
    return (host.is_pinned() ? host : host.pin_memory()).to(device, host.scalar_type(), /*non_blocking=*/true);
}

} // namespace precordia
