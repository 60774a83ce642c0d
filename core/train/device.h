// SPDX-License-Identifier: GPL-3.0-or-later
// Where torch computes, in words, and how many threads it takes there.
#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"

#include <c10/core/Device.h>

#include <string>

namespace precordia {

// Measures the matrix product and lists the devices. On the compute thread.
EngineInfo inspectEngine();
// "auto", "cpu", "cuda", "cuda:1". Error DeviceUnavailable with the reason.
Result<c10::Device> chooseDevice(const std::string& wanted);
// 0: as fastestThreads() last found. Sets libtorch's and OpenBLAS's threads for the calling thread; returns the number.
int useThreads(int wanted);
// Times products and sums of the model's size with 1, 2, 4 ... threads up to one a physical core (some 0.1 s), and sets
// what useThreads(0) takes: on a busy machine threads wait for each other, and one alone was five times as fast as two.
int fastestThreads();
int physicalCores();

} // namespace precordia
