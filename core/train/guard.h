// SPDX-License-Identifier: GPL-3.0-or-later
// The border of the module: no exception of libtorch leaves it.
#pragma once

#include "core/base/result.h"

#include <c10/util/Exception.h>

#include <new>
#include <string>

namespace precordia {

// What a c10::Error means for a person: out of memory says what to change.
Error errorOf(const c10::Error& error);
Error outOfMemory();

template <typename T, typename Work>
Result<T> guarded(Work&& work) {
    try {
        return work();
    } catch (const c10::Error& e) {
        return errorOf(e);
    } catch (const std::bad_alloc&) {
        return outOfMemory();
    } catch (const std::exception& e) {
        return makeError(ErrorCode::Bug, e.what());
    }
}

} // namespace precordia
