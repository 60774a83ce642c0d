// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/engine_loader.h"

#include "core/engine/engine_module.h"
#include "core/engine/module_loader.h"

#include <dlfcn.h>

namespace precordia {

namespace {

std::atomic<bool>& loadedFlag() {
    static std::atomic<bool> loaded{false};
    return loaded;
}

Result<std::unique_ptr<Engine>> load() {
    const auto module = openModule("libprecordia_engine.so", "PRECORDIA_ENGINE");
    if (!module)
        return module.as<std::unique_ptr<Engine>>();
    const auto abi = reinterpret_cast<EngineAbiFunction*>(::dlsym(module->handle, kEngineAbiSymbol));
    const auto create = reinterpret_cast<EngineCreateFunction*>(::dlsym(module->handle, kEngineCreateSymbol));
    // The module is not closed again when refused: libtorch does not survive dlclose.
    if (abi == nullptr || create == nullptr)
        return makeError(ErrorCode::EngineUnavailable, module->path + " is not a Precordia engine");
    if (abi() != kEngineAbi)
        return makeError(ErrorCode::EngineUnavailable,
                         module->path + " belongs to another version of the program (engine version " +
                             std::to_string(abi()) + ", needed is " + std::to_string(kEngineAbi) + ")");
    const std::unique_ptr<Result<std::unique_ptr<Engine>>> made(create());
    return std::move(*made);
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
