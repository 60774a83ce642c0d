// SPDX-License-Identifier: GPL-3.0-or-later
// ISHNE files byte by byte: the offsets are those of the published table.
#pragma once

#include "tests/unit/scp_fixture.h"

namespace precordia::test {

struct IshneFile {
    QByteArray magic = "ISHNE1.0";
    QByteArray text; // block of variable length
    int samples = 0, textOffset = 522, dataOffset = -1;
    QByteArray first = "Max", last = "Muster", id = "H-1", recorder = "digital", proprietary, copyright, reserved;
    int sex = 1, race = 0, pacemaker = 0, rate = 200;
    std::vector<int> birth{24, 12, 1931}, recorded{29, 2, 2000}, written{1, 3, 2000}, start{23, 59, 58};
    std::vector<int> codes{5, 11}, quality{1, 3}, resolution{2500, 1000};
    QByteArray data;
    int checksum = -1;

    QByteArray bytes() const {
        const auto field = [](const QByteArray& value, int size) { return value.leftJustified(size, '\0', true); };
        const auto slots = [](std::vector<int> values) {
            values.resize(12, -9);
            return words16(values);
        };
        const auto offset = dataOffset >= 0 ? dataOffset : 522 + static_cast<int>(text.size());
        auto rest = words32({text.size(), samples, textOffset, offset}) + words16({1});
        rest += field(first, 40) + field(last, 40) + field(id, 20) + words16({sex, race});
        rest += words16(birth) + words16(recorded) + words16(written) + words16(start);
        rest += words16({static_cast<int>(codes.size())}) + slots(codes) + slots(quality) + slots(resolution);
        rest += words16({pacemaker}) + field(recorder, 40) + words16({rate});
        rest += field(proprietary, 80) + field(copyright, 80) + field(reserved, 88);
        rest += text;
        return magic + words16({checksum >= 0 ? checksum : bitwiseCrc(rest)}) + rest + data;
    }
};

} // namespace precordia::test
