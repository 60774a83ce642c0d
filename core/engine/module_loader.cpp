// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/module_loader.h"

#include "core/engine/blas_kernels.h"

#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <vector>

namespace precordia {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> candidates(const std::string& file, const char* named) {
    // Who names a module means that one and no other.
    if (const char* given = named != nullptr ? std::getenv(named) : nullptr; given != nullptr && *given != '\0')
        return {given};
    std::error_code ec;
    const auto bin = fs::read_symlink("/proc/self/exe", ec).parent_path();
    return {bin / ".." / "lib" / file, bin / ".." / "lib" / "precordia" / file, bin / file,
            fs::path(PRECORDIA_INSTALLED_MODULE_FOLDER) / file};
}

// A person's own choice stands.
bool tellLibraries() {
    // Two OpenMP threads that wait actively ran 3.5 times slower on a busy machine.
    ::setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
    ::setenv("OPENBLAS_THREAD_TIMEOUT", "10", 0); // the same of OpenBLAS's own threads: 2^10 cycles in place of 2^26
    if (std::getenv("OPENBLAS_CORETYPE") == nullptr)
        if (const auto kernels = betterOpenBlasKernels(); !kernels.empty())
            ::setenv("OPENBLAS_CORETYPE", kernels.c_str(), 0);
    return true;
}

Error unavailable(const std::string& reason) {
    return makeError(ErrorCode::EngineUnavailable, reason);
}

} // namespace

Result<Module> openModule(const std::string& file, const char* named) {
    [[maybe_unused]] static const bool told = tellLibraries();
    std::string tried;
    for (const auto& path : candidates(file, named)) {
        tried += (tried.empty() ? "" : ", ") + path.lexically_normal().string();
        if (std::error_code ec; !fs::exists(path, ec))
            continue;
        // RTLD_LOCAL: libtorch brings a hundred libraries of its own, whose names must not mix with ours.
        if (void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL); module != nullptr)
            return Module{module, path.lexically_normal().string()};
        const char* reason = ::dlerror();
        return unavailable(reason != nullptr ? reason : path.string());
    }
    return unavailable("it was looked for at " + tried);
}

} // namespace precordia
