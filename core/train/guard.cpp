// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/guard.h"

namespace precordia {

Error outOfMemory() {
    return makeError(ErrorCode::OutOfMemory,
                     "make \"batch\" smaller, or \"intervals\", \"width\" or the number of layers, or choose a smaller "
                     "preset");
}

Error errorOf(const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    // libtorch 1.13 has a type of its own only for CUDA; the CPU's allocator says it in words.
    for (const char* sign : {"out of memory", "can't allocate memory", "not enough memory"})
        if (text.find(sign) != std::string::npos)
            return outOfMemory();
    return makeError(ErrorCode::Bug, text);
}

} // namespace precordia
