// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_handle.h"

namespace precordia {

Hdf5Lock::Hdf5Lock()
    : guard_([]() -> std::mutex& {
        static std::mutex mutex;
        return mutex;
    }()) {
    static const bool quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0; // errors are told by Results
    (void)quiet;
}

} // namespace precordia
