// SPDX-License-Identifier: GPL-3.0-or-later
// XML from outside, read within bounds (pugixml behind it): no external entity, no declared entity is expanded, a
// DOCTYPE is skipped, comments and processing instructions are dropped. UTF-8, UTF-16 and Latin-1; bytes that are none
// of what is declared are taken for Latin-1. Names are compared without their namespace prefix.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pugi {
struct xml_node_struct;
}

namespace precordia::xml {

// A place in a Document that outlives it; an empty one (what is not there) answers "" and no children.
class Element {
public:
    Element() = default;
    explicit Element(pugi::xml_node_struct* node) : node_(node) {}

    explicit operator bool() const { return node_ != nullptr; }
    bool operator==(const Element&) const = default;

    std::string_view name() const;                      // without prefix
    std::string text() const;                           // its own text, trimmed
    std::string rawText() const;                        // its own text as it stands
    std::string allText() const;                        // with that of everything inside, one space between parts
    std::string attribute(std::string_view name) const; // without prefix: "type" finds xsi:type
    std::vector<std::pair<std::string, std::string>> attributes() const; // names with prefix

    Element parent() const;
    Element child(std::string_view name) const; // the first
    // The first child of the first child ...: "componentOf/timepointEvent".
    Element path(std::string_view names) const;
    std::vector<Element> children() const;
    std::vector<Element> children(std::string_view name) const;
    Element descendant(std::string_view name) const; // the first, in the order of the file

    // Of a child, or of what a path leads to.
    std::string textOf(std::string_view names) const { return path(names).text(); }
    std::string attributeOf(std::string_view names, std::string_view attribute) const {
        return path(names).attribute(attribute);
    }

private:
    pugi::xml_node_struct* node_ = nullptr;
};

struct Limits {
    std::size_t nodes = 8'000'000; // elements and attributes
    int depth = 128;               // so that a walk that recurses ends
};

class Document {
public:
    // where: the file's name, for errors. keepLineEnds: \r\n stays what it is.
    // Errors: FormatInvalid with line and offset (in UTF-8) of what is not well-formed, or of what is too deep;
    // ValueOutOfRange for too many elements.
    static Result<Document> parse(std::span<const std::byte> bytes, const std::string& where, bool keepLineEnds = false,
                                  const Limits& limits = {});
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    Element root() const;

private:
    struct Tree;
    explicit Document(std::unique_ptr<Tree> tree);
    std::unique_ptr<Tree> tree_;
};

// As UTF-8, by byte order mark, by the look of the first character, or by the declaration.
std::string decoded(std::span<const std::byte> bytes);
// The root element's name without prefix, of a file's first bytes; "" when it is no XML or does not begin in them.
std::string rootName(std::span<const std::byte> head);
// &, <, > and " as entities.
std::string escaped(std::string_view text);

} // namespace precordia::xml
