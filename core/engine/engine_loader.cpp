// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/engine_loader.h"

#include "core/engine/blas_kernels.h"
#include "core/engine/engine_module.h"

#include <cstdlib>
#include <dlfcn.h>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr const char* kModuleFile = "libprecordia_engine.so";

std::atomic<bool>& loadedFlag() {
    static std::atomic<bool> loaded{false};
    return loaded;
}

std::vector<fs::path> candidates() {
    // Who names a module means that one and no other.
    if (const char* given = std::getenv("PRECORDIA_ENGINE"); given != nullptr && *given != '\0')
        return {given};
    std::error_code ec;
    const auto bin = fs::read_symlink("/proc/self/exe", ec).parent_path();
    return {bin / ".." / "lib" / kModuleFile, bin / ".." / "lib" / "precordia" / kModuleFile, bin / kModuleFile,
            fs::path(PRECORDIA_INSTALLED_ENGINE_FOLDER) / kModuleFile};
}

Error unavailable(const std::string& reason) {
    return makeError(ErrorCode::EngineUnavailable, reason);
}

Result<std::unique_ptr<Engine>> openModule(const fs::path& path) {
    // RTLD_LOCAL: libtorch brings a hundred libraries of its own, whose names must not mix with ours.
    void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
        const char* reason = ::dlerror();
        return unavailable(reason != nullptr ? reason : path.string());
    }
    const auto abi = reinterpret_cast<EngineAbiFunction*>(::dlsym(module, kEngineAbiSymbol));
    const auto create = reinterpret_cast<EngineCreateFunction*>(::dlsym(module, kEngineCreateSymbol));
    // The module is not closed again when refused: libtorch does not survive dlclose.
    if (abi == nullptr || create == nullptr)
        return unavailable(path.string() + " is not a Precordia engine");
    if (abi() != kEngineAbi)
        return unavailable(path.string() + " belongs to another version of the program (engine version " +
                           std::to_string(abi()) + ", needed is " + std::to_string(kEngineAbi) + ")");
    const std::unique_ptr<Result<std::unique_ptr<Engine>>> made(create());
    return std::move(*made);
}

Result<std::unique_ptr<Engine>> load() {
    // Two OpenMP threads that wait actively ran 3.5 times slower on a busy machine. A person's own choice stands.
    ::setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
    ::setenv("OPENBLAS_THREAD_TIMEOUT", "10", 0); // the same of OpenBLAS's own threads: 2^10 cycles in place of 2^26
    if (std::getenv("OPENBLAS_CORETYPE") == nullptr)
        if (const auto kernels = betterOpenBlasKernels(); !kernels.empty())
            ::setenv("OPENBLAS_CORETYPE", kernels.c_str(), 0);
    std::string tried;
    for (const auto& path : candidates()) {
        tried += (tried.empty() ? "" : ", ") + path.lexically_normal().string();
        std::error_code ec;
        if (fs::exists(path, ec))
            return openModule(path);
    }
    return unavailable("it was looked for at " + tried);
}

} // namespace

Result<Engine*> loadEngine() {
    // Made after the module is open, so destroyed before libtorch's own statics are: the compute thread ends in time.
    static const Result<std::unique_ptr<Engine>> engine = load();
    if (!engine)
        return engine.as<Engine*>();
    loadedFlag() = true;
    return engine->get();
}

bool engineLoaded() {
    return loadedFlag();
}

} // namespace precordia
