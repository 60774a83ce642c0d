// SPDX-License-Identifier: GPL-3.0-or-later
// Opens the program's modules: parts whose libraries are large or slow to load, which nothing links.
#pragma once

#include "core/base/result.h"

#include <string>

namespace precordia {

struct Module {
    void* handle = nullptr; // for dlsym; never closed
    std::string path;
};

// file is looked for in ../lib and ../lib/precordia as seen from the program, beside it, and where it is installed.
// named: a variable of the environment that names another file, and that one alone. The first call tells OpenMP and
// OpenBLAS, which the modules bring, how to wait and which kernels to use. Error EngineUnavailable says what was tried.
Result<Module> openModule(const std::string& file, const char* named = nullptr);

} // namespace precordia
