// SPDX-License-Identifier: GPL-3.0-or-later
// The two symbols that core/engine's loader asks the module for.
#include "core/engine/engine_module.h"

#include "core/train/engine_impl.h"
#include "core/train/guard.h"

extern "C" {

__attribute__((visibility("default"))) int precordia_engine_abi() {
    return precordia::kEngineAbi;
}

__attribute__((visibility("default"))) precordia::Result<std::unique_ptr<precordia::Engine>>*
precordia_engine_create() {
    using Made = precordia::Result<std::unique_ptr<precordia::Engine>>;
    return new Made(precordia::guarded<std::unique_ptr<precordia::Engine>>(
        []() -> Made { return std::unique_ptr<precordia::Engine>(std::make_unique<precordia::EngineImpl>()); }));
}

} // extern "C"
