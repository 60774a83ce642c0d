// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/meeting_place.h"

#include "core/base/hash.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr auto kLook = std::chrono::milliseconds(20);
constexpr std::size_t kLongestPath = 4096;

class Socket {
public:
    explicit Socket(int fd) : fd_(fd) {}
    ~Socket() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    int fd() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_;
};

struct Address {
    sockaddr_un of{};
    socklen_t length = 0;
};

// Abstract: the first byte of the path is 0, no file is made, and the name is free as soon as its holder ends.
Address addressOf(const std::string& name) {
    Address address;
    address.of.sun_family = AF_UNIX;
    const auto path = "precordia/" + std::to_string(::geteuid()) + "/" + sha256Hex(name).substr(0, 32);
    std::memcpy(address.of.sun_path + 1, path.data(), path.size());
    address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + path.size());
    return address;
}

bool ofThisUser(int fd) {
    ucred peer{};
    socklen_t length = sizeof peer;
    return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && peer.uid == ::geteuid();
}

Error lost(const std::string& what) {
    return makeError(ErrorCode::ProcessLost, what);
}

// What the holder says: the path, up to its closing. "" when the connection breaks.
std::string listenTo(int fd) {
    std::string text;
    char part[512];
    for (ssize_t got = 0; text.size() <= kLongestPath && (got = ::read(fd, part, sizeof part)) > 0;)
        text.append(part, static_cast<std::size_t>(got));
    return text.size() > kLongestPath || text.empty() || text.back() != '\n' ? std::string()
                                                                             : text.substr(0, text.size() - 1);
}

} // namespace

Result<std::unique_ptr<MeetingPlace>> MeetingPlace::hold(const std::string& name) {
    using Place = std::unique_ptr<MeetingPlace>;
    Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto address = addressOf(name);
    if (socket.fd() < 0)
        return lost(std::string("the system gives no socket: ") + std::strerror(errno));
    if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address.of), address.length) != 0)
        return lost(errno == EADDRINUSE ? "another run of this machine meets at the same MASTER_PORT: take another one"
                                        : std::string("the system gives no socket: ") + std::strerror(errno));
    std::error_code failure;
    auto pattern = (fs::temp_directory_path(failure) / "precordia-XXXXXX").string();
    if (failure || ::mkdtemp(pattern.data()) == nullptr)
        return makeError(ErrorCode::FileUnwritable, "no folder for the processes of the run could be made", pattern);
    Place place(new MeetingPlace);
    place->folder_ = pattern;
    place->storeFile_ = place->folder_ / "store";
    if (::listen(socket.fd(), SOMAXCONN) != 0)
        return lost(std::string("the system gives no socket: ") + std::strerror(errno));
    place->socket_ = socket.release();
    place->thread_ = std::jthread([held = place.get()](const std::stop_token& stop) { held->answer(stop); });
    return place;
}

void MeetingPlace::answer(const std::stop_token& stop) const {
    const auto text = storeFile_.string() + '\n';
    while (!stop.stop_requested()) {
        pollfd wait{socket_, POLLIN, 0};
        if (::poll(&wait, 1, static_cast<int>(kLook.count())) <= 0)
            continue;
        const Socket asks(::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC));
        if (asks.fd() >= 0 && ofThisUser(asks.fd())) // fits the socket's buffer: nobody can hold this thread up
            (void)::send(asks.fd(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
}

MeetingPlace::~MeetingPlace() {
    thread_.request_stop();
    if (thread_.joinable())
        thread_.join();
    if (socket_ >= 0)
        ::close(socket_);
    std::error_code failure;
    if (!folder_.empty())
        fs::remove_all(folder_, failure);
}

Result<fs::path> findMeeting(const std::string& name, std::chrono::seconds patience, const StopToken& stop) {
    const auto address = addressOf(name);
    const auto start = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        const Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (socket.fd() < 0)
            return lost(std::string("the system gives no socket: ") + std::strerror(errno));
        if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address.of), address.length) == 0) {
            if (!ofThisUser(socket.fd()))
                return lost("what answers at the run's MASTER_PORT is not of this user");
            if (const auto path = listenTo(socket.fd()); !path.empty())
                return fs::path(path);
        }
        if (std::chrono::steady_clock::now() - start > patience)
            return lost("process 0 of the run did not come within " + std::to_string(patience.count()) + " s");
        std::this_thread::sleep_for(kLook);
    }
    return Cancelled{};
}

} // namespace precordia
