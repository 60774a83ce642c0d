// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the CPU tensors' freed memory for the next step. A training step frees and asks again some hundred megabytes;
// the C library gives blocks of that size back to the system each time, and filling in fresh pages took a tenth of the
// step.
#pragma once

#include <cstddef>

namespace precordia {

// From now on LibTorch's CPU tensors come from a cache of blocks. Safe to call again; thread-safe.
void cacheHostMemory();
// Gives what is not in use back to the system: after a job.
void releaseHostMemory();
std::size_t cachedHostMemory(); // bytes kept and not in use

} // namespace precordia
