// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_flac.h"

#include <FLAC++/decoder.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>

namespace precordia::wfdb {

namespace fs = std::filesystem;

namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

// Our own callbacks, so that the file is closed by us and its length is known.
class Decoder final : public FLAC::Decoder::Stream {
public:
    Decoder(OpenFile file, std::uint64_t size, std::size_t channels, unsigned bits, std::uint64_t first,
            std::uint64_t count, const StopToken& stop)
        : file_(std::move(file))
        , size_(size)
        , bits_(bits)
        , at_(0)
        , first_(first)
        , end_(count > UINT64_MAX - first ? UINT64_MAX : first + count)
        , stop_(stop) {
        out_.channels.resize(channels);
    }

    std::string run(); // why it failed; "" when all went well
    bool enough() const { return at_ >= end_; }
    FlacStream take() { return std::move(out_); }

protected:
    FLAC__StreamDecoderReadStatus read_callback(FLAC__byte buffer[], std::size_t* bytes) override {
        if (*bytes == 0)
            return FLAC__STREAM_DECODER_READ_STATUS_ABORT;
        *bytes = std::fread(buffer, 1, *bytes, file_.get());
        if (std::ferror(file_.get()) != 0)
            return FLAC__STREAM_DECODER_READ_STATUS_ABORT;
        return *bytes == 0 ? FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM : FLAC__STREAM_DECODER_READ_STATUS_CONTINUE;
    }
    FLAC__StreamDecoderSeekStatus seek_callback(FLAC__uint64 offset) override {
        return offset <= size_ && ::fseeko(file_.get(), static_cast<off_t>(offset), SEEK_SET) == 0
                   ? FLAC__STREAM_DECODER_SEEK_STATUS_OK
                   : FLAC__STREAM_DECODER_SEEK_STATUS_ERROR;
    }
    FLAC__StreamDecoderTellStatus tell_callback(FLAC__uint64* offset) override {
        const auto at = ::ftello(file_.get());
        *offset = static_cast<FLAC__uint64>(at);
        return at < 0 ? FLAC__STREAM_DECODER_TELL_STATUS_ERROR : FLAC__STREAM_DECODER_TELL_STATUS_OK;
    }
    FLAC__StreamDecoderLengthStatus length_callback(FLAC__uint64* length) override {
        *length = size_;
        return FLAC__STREAM_DECODER_LENGTH_STATUS_OK;
    }
    bool eof_callback() override { return std::feof(file_.get()) != 0; }

    FLAC__StreamDecoderWriteStatus write_callback(const FLAC__Frame* frame,
                                                  const FLAC__int32* const buffer[]) override {
        const auto n = frame->header.blocksize;
        if (frame->header.channels != out_.channels.size() || frame->header.bits_per_sample > bits_) {
            wrong_ = wrongShape(frame->header.channels, frame->header.bits_per_sample);
            return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
        }
        // libFLAC hands out frames of either numbering with the number of their first sample.
        at_ = frame->header.number.sample_number;
        const auto from = std::clamp(first_, at_, at_ + n) - at_;
        const auto to = std::clamp(end_, at_, at_ + n) - at_;
        const auto kept = out_.channels.front().size();
        if (to > from && at_ + from != first_ + kept) {
            wrong_ = "a frame is missing or stands twice before sample " + std::to_string(at_);
            return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
        }
        for (std::size_t c = 0; c < out_.channels.size(); ++c)
            out_.channels[c].insert(out_.channels[c].end(), buffer[c] + from, buffer[c] + to);
        at_ += n;
        return stop_.stop_requested() ? FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
                                      : FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
    }
    void metadata_callback(const FLAC__StreamMetadata* metadata) override {
        if (metadata->type != FLAC__METADATA_TYPE_STREAMINFO)
            return;
        const auto& info = metadata->data.stream_info;
        out_.samplesClaimed = info.total_samples;
        if (info.channels != out_.channels.size() || info.bits_per_sample > bits_)
            wrong_ = wrongShape(info.channels, info.bits_per_sample);
    }
    void error_callback(FLAC__StreamDecoderErrorStatus status) override {
        if (wrong_.empty())
            wrong_ = std::string("the FLAC stream is broken near sample ") + std::to_string(at_) + ": " +
                     FLAC__StreamDecoderErrorStatusString[status];
    }

private:
    std::string wrongShape(unsigned channels, unsigned bits) const {
        return "the FLAC stream has " + std::to_string(channels) + " channels of " + std::to_string(bits) +
               " bits, the header promises " + std::to_string(out_.channels.size()) + " of at most " +
               std::to_string(bits_);
    }

    OpenFile file_;
    std::uint64_t size_;
    unsigned bits_;
    std::uint64_t at_, first_, end_;
    const StopToken& stop_;
    FlacStream out_;
    std::string wrong_;
};

std::string Decoder::run() {
    if (init() != FLAC__STREAM_DECODER_INIT_STATUS_OK)
        return "the FLAC decoder could not start";
    if (!process_until_end_of_metadata() && wrong_.empty())
        return "it is no FLAC stream";
    if (!wrong_.empty())
        return wrong_;
    // A seek into the stream where it can be trusted; else all before `first` is decoded and dropped.
    if (first_ > 0 && first_ < out_.samplesClaimed && (!seek_absolute(first_) || !wrong_.empty())) {
        for (auto& channel : out_.channels)
            channel.clear();
        wrong_.clear();
        at_ = 0;
        std::rewind(file_.get());
        if (!reset() || !process_until_end_of_metadata())
            return "it is no FLAC stream";
    }
    while (!enough() && wrong_.empty() && !stop_.stop_requested()) {
        const auto state = get_state();
        if (state == FLAC__STREAM_DECODER_END_OF_STREAM)
            break;
        if (!process_single())
            break;
    }
    return wrong_;
}

} // namespace

Result<FlacStream> readFlac(const fs::path& path, std::size_t channels, unsigned bits, std::uint64_t first,
                            std::uint64_t count, const StopToken& stop) {
    std::error_code ec;
    if (!fs::is_regular_file(path, ec))
        return makeError(fs::exists(path, ec) ? ErrorCode::FileUnreadable : ErrorCode::FileNotFound,
                         "it is not a regular file", path.string());
    const auto size = fs::file_size(path, ec);
    OpenFile file(std::fopen(path.c_str(), "rbe"));
    if (ec || !file)
        return makeError(ErrorCode::FileUnreadable, std::strerror(errno), path.string());
    Decoder decoder(std::move(file), size, channels, bits, first, count, stop);
    auto wrong = decoder.run();
    if (stop.stop_requested())
        return Cancelled{};
    if (!wrong.empty())
        return makeError(ErrorCode::FormatInvalid, std::move(wrong), path.string());
    return decoder.take();
}

} // namespace precordia::wfdb
