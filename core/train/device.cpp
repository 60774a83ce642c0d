// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/device.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <dlfcn.h>
#include <fstream>
#include <sched.h>
#include <set>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace precordia {

namespace {

// The reference BLAS reaches about 5, OpenBLAS 90 and more on one core of any machine of the last ten years.
constexpr double kSlowGflops = 15;

int automaticThreads = 1; // on the compute thread only

// libtorch was told of no OpenBLAS when it was built: its functions are asked for by name, and may be absent.
template <typename Function>
Function* blasFunction(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

std::string blasName() {
    if (at::hasMKL())
        return "Intel MKL";
    if (auto* config = blasFunction<char*()>("openblas_get_config")) {
        std::istringstream text(config());
        std::string word;
        std::string version;
        text >> word >> version;
        auto* kernels = blasFunction<char*()>("openblas_get_corename");
        return word + " " + version + (kernels != nullptr ? std::string(", kernels ") + kernels() : "");
    }
    return "unknown, probably the reference BLAS";
}

double measureGflops() {
    const at::NoGradGuard noGrad;
    constexpr std::int64_t kSide = 512;
    const auto a = at::ones({kSide, kSide});
    const auto b = at::ones({kSide, kSide});
    const auto before = at::get_num_threads();
    useThreads(1);
    auto c = at::mm(a, b); // the first one wakes the library up
    double best = 1e9;
    for (int i = 0; i < 4; ++i) {
        const auto start = std::chrono::steady_clock::now();
        at::mm_out(c, a, b);
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    useThreads(before);
    return 2.0 * kSide * kSide * kSide / best * 1e-9;
}

std::string processorName() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos)
            return line.substr(line.find(": ") + 2);
    return "processor";
}

std::string readLine(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// Name and memory from the driver itself: libtorch's own way to them needs the CUDA headers at build time.
EngineInfo::Device cudaDevice(int index) {
    EngineInfo::Device device{"cuda:" + std::to_string(index), "CUDA device " + std::to_string(index), 0};
    void* driver = ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!driver)
        return device;
    const auto init = reinterpret_cast<int (*)(unsigned)>(::dlsym(driver, "cuInit"));
    const auto get = reinterpret_cast<int (*)(int*, int)>(::dlsym(driver, "cuDeviceGet"));
    const auto name = reinterpret_cast<int (*)(char*, int, int)>(::dlsym(driver, "cuDeviceGetName"));
    const auto memory = reinterpret_cast<int (*)(std::size_t*, int)>(::dlsym(driver, "cuDeviceTotalMem_v2"));
    int handle = 0;
    char text[256] = {};
    std::size_t bytes = 0;
    if (init && get && name && memory && init(0) == 0 && get(&handle, index) == 0) {
        if (name(text, sizeof text, handle) == 0 && text[0] != 0)
            device.name = text;
        if (memory(&bytes, handle) == 0)
            device.memoryBytes = static_cast<std::int64_t>(bytes);
    }
    return device;
}

} // namespace

int physicalCores() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / 2);
    std::set<std::string> cores; // each by the list of its hyperthreads
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed))
            continue;
        const auto number = std::to_string(cpu);
        const auto siblings = readLine("/sys/devices/system/cpu/cpu" + number + "/topology/thread_siblings_list");
        cores.insert(siblings.empty() ? number : siblings);
    }
    return std::max(1, static_cast<int>(cores.size()));
}

int fastestThreads() {
    const at::NoGradGuard noGrad;
    const auto x = at::ones({1600, 96});
    const auto w = at::ones({96, 384});
    const auto seconds = [&](int threads) {
        useThreads(threads);
        auto y = at::mm(x, w);
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < 16; ++i) {
            at::mm_out(y, x, w);
            y.mul_(0.5).tanh_();
        }
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    const int cores = physicalCores();
    int best = 1;
    double bestSeconds = seconds(1);
    for (int threads = 2; best * 2 >= threads && threads <= cores; threads = std::min(2 * threads, cores)) {
        const double time = seconds(threads);
        // A small gain is not worth the processors.
        if (time < 0.85 * bestSeconds)
            best = threads, bestSeconds = time;
        if (threads == cores)
            break;
    }
    automaticThreads = best;
    useThreads(best);
    return best;
}

int useThreads(int wanted) {
    const int threads = wanted > 0 ? wanted : automaticThreads;
    at::set_num_threads(threads);
    // OpenBLAS built with pthreads has a pool of its own that libtorch does not steer.
    if (auto* set = blasFunction<void(int)>("openblas_set_num_threads"))
        set(threads);
    return threads;
}

EngineInfo inspectEngine() {
    EngineInfo info;
    info.libtorchVersion = TORCH_VERSION;
    info.blas = blasName();
    info.matrixGflops = measureGflops();
    info.slowBlas = info.matrixGflops < kSlowGflops;
    const auto memory = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
    info.devices.push_back({"cpu", processorName() + ", " + std::to_string(physicalCores()) + " cores", memory});
    if (at::hasCUDA()) {
        const auto count = static_cast<int>(at::detail::getCUDAHooks().getNumGPUs());
        for (int i = 0; i < count; ++i)
            info.devices.push_back(cudaDevice(i));
        if (count == 0)
            info.cudaReason =
                "this LibTorch can use CUDA, but no CUDA device answers (is the NVIDIA driver installed?)";
    } else {
        info.cudaReason = "this LibTorch (" + info.libtorchVersion +
                          ") was built without CUDA; the README says how to build with a CUDA LibTorch";
    }
    return info;
}

Result<c10::Device> chooseDevice(const std::string& wanted) {
    const bool cuda = at::hasCUDA() && at::detail::getCUDAHooks().getNumGPUs() > 0;
    if (wanted == "cpu" || (wanted == "auto" && !cuda))
        return c10::Device(c10::kCPU);
    if (wanted == "auto")
        return c10::Device(c10::kCUDA, 0);
    if (wanted.rfind("cuda", 0) != 0)
        return makeError(ErrorCode::WrongUse, "\"" + wanted + "\" is no device; there is auto, cpu, cuda and cuda:N");
    if (!cuda)
        return makeError(ErrorCode::DeviceUnavailable, "CUDA was asked for, but " + inspectEngine().cudaReason);
    const auto count = static_cast<int>(at::detail::getCUDAHooks().getNumGPUs());
    int index = 0;
    if (wanted.size() > 4) {
        const auto number = wanted.substr(5);
        if (wanted[4] != ':' || number.empty() || number.size() > 3 ||
            number.find_first_not_of("0123456789") != std::string::npos)
            return makeError(ErrorCode::WrongUse,
                             "\"" + wanted + "\" is no device; there is auto, cpu, cuda and cuda:N");
        index = std::stoi(number);
    }
    if (index >= count)
        return makeError(ErrorCode::DeviceUnavailable,
                         "\"" + wanted + "\" was asked for; there are " + std::to_string(count) + " CUDA devices");
    return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
}

} // namespace precordia
