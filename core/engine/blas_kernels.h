// SPDX-License-Identifier: GPL-3.0-or-later
// OpenBLAS chooses its kernels by the processor's model number and falls back to its oldest ones (SSE3) for a model
// that is newer than itself: Debian 12's 0.3.21 does so on recent Intel processors, and training took three times as
// long.
#pragma once

#include <string>

namespace precordia {

// The kernels' name for the variable OPENBLAS_CORETYPE: empty when OpenBLAS's own choice stands, which is so when it
// uses the vectors that the processor has, when there is no OpenBLAS, and on other architectures. Loads and closes
// the library (4 ms), so call it before anything holds it: afterwards OpenBLAS does not look again.
std::string betterOpenBlasKernels();

// The rule of it. chosen: what openblas_get_corename() says, in any case of letters.
std::string betterKernels(std::string chosen, bool avx2, bool avx512);

} // namespace precordia
