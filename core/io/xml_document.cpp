// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/xml_document.h"

#include "core/io/text.h"

#include <algorithm>
#include <new>
#include <pugixml.hpp>

namespace precordia::xml {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

std::string_view withoutPrefix(std::string_view name) {
    const auto colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void appendUtf8(std::string& out, char32_t c) {
    const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0U | c >> 6U);
        put(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        put(0xE0U | c >> 12U);
        put(0x80U | (c >> 6U & 0x3FU));
        put(0x80U | (c & 0x3FU));
    } else {
        put(0xF0U | c >> 18U);
        put(0x80U | (c >> 12U & 0x3FU));
        put(0x80U | (c >> 6U & 0x3FU));
        put(0x80U | (c & 0x3FU));
    }
}

std::string fromUtf16(std::string_view bytes, bool little) {
    const auto unit = [&](std::size_t i) {
        const auto first = static_cast<unsigned char>(bytes[2 * i]);
        const auto second = static_cast<unsigned char>(bytes[2 * i + 1]);
        return static_cast<char32_t>(little ? first | second << 8 : first << 8 | second);
    };
    std::string out;
    out.reserve(bytes.size() / 2);
    const auto units = bytes.size() / 2;
    for (std::size_t i = 0; i < units; ++i) {
        auto c = unit(i);
        if (c >= 0xD800 && c <= 0xDBFF && i + 1 < units && unit(i + 1) >= 0xDC00 && unit(i + 1) <= 0xDFFF)
            c = 0x10000 + ((c - 0xD800) << 10U) + (unit(++i) - 0xDC00);
        else if (c >= 0xD800 && c <= 0xDFFF)
            c = kReplacement;
        appendUtf8(out, c);
    }
    return out;
}

// <?xml version="1.0" encoding="ISO-8859-1"?>
std::string declaredEncoding(std::string_view bytes) {
    if (!bytes.starts_with("<?xml"))
        return {};
    const auto declaration = bytes.substr(0, std::min<std::size_t>(bytes.find("?>"), 256));
    auto rest = declaration;
    constexpr std::string_view kKey = "encoding";
    const auto at = rest.find(kKey);
    if (at == std::string_view::npos)
        return {};
    rest = rest.substr(at + kKey.size());
    const auto open = rest.find_first_of("\"'");
    if (open == std::string_view::npos)
        return {};
    const auto close = rest.find(rest[open], open + 1);
    return text::lower(
        rest.substr(open + 1, close == std::string_view::npos ? std::string_view::npos : close - open - 1));
}

bool isLatin(std::string_view encoding) {
    return encoding.starts_with("iso-8859-1") || encoding == "latin1" || encoding == "latin-1" ||
           encoding == "windows-1252" || encoding == "cp1252";
}

std::string fromLatin1(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 16);
    for (const char c : bytes)
        appendUtf8(out, static_cast<unsigned char>(c));
    return out;
}

std::string place(const std::string& where, std::string_view text, std::size_t offset) {
    const auto before = text.substr(0, std::min(offset, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    return where + ", line " + std::to_string(line) + ", offset " + std::to_string(offset);
}

pugi::xml_node nodeOf(pugi::xml_node_struct* node) {
    return pugi::xml_node(node);
}

bool isElement(const pugi::xml_node& node) {
    return node.type() == pugi::node_element;
}

bool isText(const pugi::xml_node& node) {
    return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

// The element that follows in the order of the file, within `top`; `depth` follows the way. Empty at the end.
pugi::xml_node following(pugi::xml_node at, const pugi::xml_node& top, int& depth) {
    if (const auto inner = at.first_child()) {
        ++depth;
        return inner;
    }
    while (at && at != top && !at.next_sibling()) {
        at = at.parent();
        --depth;
    }
    return at == top ? pugi::xml_node() : at.next_sibling();
}

} // namespace

struct Document::Tree {
    std::string content; // the tree's names and texts lie in it
    pugi::xml_document document;
};

Document::Document(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::span<const std::byte> bytes, const std::string& where, bool keepLineEnds,
                                 const Limits& limits) {
    auto tree = std::make_unique<Tree>();
    auto& content = tree->content = decoded(bytes);
    // A zero byte would end the text early, and with it what is looked at.
    if (const auto zero = content.find('\0'); zero != std::string::npos)
        return makeError(ErrorCode::FormatInvalid, "a zero byte stands in the text", place(where, content, zero));
    // Each makes a node of up to 64 bytes: told from the text before any is made.
    const auto most = std::count_if(content.begin(), content.end(), [](char c) { return c == '<' || c == '='; });
    if (static_cast<std::size_t>(most) > limits.nodes)
        return makeError(ErrorCode::ValueOutOfRange, "more than " + std::to_string(limits.nodes) + " elements", where);

    const auto placed = [&](std::ptrdiff_t offset) { // parsing has changed the content
        return place(where, decoded(bytes), static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, offset)));
    };
    const unsigned options =
        pugi::parse_cdata | pugi::parse_escapes | pugi::parse_wconv_attribute | (keepLineEnds ? 0U : pugi::parse_eol);
    const auto parsed =
        tree->document.load_buffer_inplace(content.data(), content.size(), options, pugi::encoding_utf8);
    if (parsed.status == pugi::status_out_of_memory)
        throw std::bad_alloc(); // the registry tells it
    if (!parsed)
        return makeError(ErrorCode::FormatInvalid, std::string("no well-formed XML: ") + parsed.description(),
                         placed(parsed.offset));
    const pugi::xml_node top = tree->document;
    int depth = 0;
    for (auto at = following(top, top, depth); at; at = following(at, top, depth))
        if (depth > limits.depth)
            return makeError(ErrorCode::FormatInvalid,
                             "elements inside each other more than " + std::to_string(limits.depth) + " deep",
                             placed(at.offset_debug()));
    return Document(std::move(tree));
}

Element Document::root() const {
    return Element(tree_->document.document_element().internal_object());
}

std::string_view Element::name() const {
    return withoutPrefix(nodeOf(node_).name());
}

std::string Element::rawText() const {
    std::string out;
    for (auto part = nodeOf(node_).first_child(); part; part = part.next_sibling())
        if (isText(part))
            out += part.value();
    return out;
}

std::string Element::text() const {
    const auto raw = rawText();
    return text::utf8(text::trim(raw));
}

std::string Element::allText() const {
    std::string out;
    const auto top = nodeOf(node_);
    int depth = 0;
    for (auto at = following(top, top, depth); at; at = following(at, top, depth)) {
        const auto part = isText(at) ? text::trim(at.value()) : std::string_view();
        if (!part.empty())
            out.append(out.empty() ? "" : " ").append(part);
    }
    return text::utf8(out);
}

std::string Element::attribute(std::string_view wanted) const {
    for (auto a = nodeOf(node_).first_attribute(); a; a = a.next_attribute())
        if (withoutPrefix(a.name()) == wanted && !std::string_view(a.name()).starts_with("xmlns"))
            return text::utf8(text::trim(a.value()));
    return {};
}

std::vector<std::pair<std::string, std::string>> Element::attributes() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (auto a = nodeOf(node_).first_attribute(); a; a = a.next_attribute())
        out.emplace_back(a.name(), text::utf8(a.value()));
    return out;
}

Element Element::parent() const {
    const auto above = nodeOf(node_).parent();
    return isElement(above) ? Element(above.internal_object()) : Element();
}

Element Element::child(std::string_view wanted) const {
    for (auto at = nodeOf(node_).first_child(); at; at = at.next_sibling())
        if (isElement(at) && withoutPrefix(at.name()) == wanted)
            return Element(at.internal_object());
    return {};
}

Element Element::path(std::string_view names) const {
    auto at = *this;
    for (const auto step : text::split(names, '/'))
        at = at.child(step);
    return at;
}

std::vector<Element> Element::children() const {
    std::vector<Element> out;
    for (auto at = nodeOf(node_).first_child(); at; at = at.next_sibling())
        if (isElement(at))
            out.emplace_back(at.internal_object());
    return out;
}

std::vector<Element> Element::children(std::string_view wanted) const {
    std::vector<Element> out;
    for (auto at = nodeOf(node_).first_child(); at; at = at.next_sibling())
        if (isElement(at) && withoutPrefix(at.name()) == wanted)
            out.emplace_back(at.internal_object());
    return out;
}

Element Element::descendant(std::string_view wanted) const {
    const auto top = nodeOf(node_);
    int depth = 0;
    for (auto at = following(top, top, depth); at; at = following(at, top, depth))
        if (isElement(at) && withoutPrefix(at.name()) == wanted)
            return Element(at.internal_object());
    return {};
}

std::string decoded(std::span<const std::byte> bytes) {
    auto content = text::asText(bytes);
    using namespace std::string_view_literals;
    if (content.starts_with("\xEF\xBB\xBF"))
        return text::utf8(content.substr(3));
    if (content.starts_with("\xFF\xFE") || content.starts_with("\xFE\xFF"))
        return fromUtf16(content.substr(2), content.starts_with("\xFF\xFE"));
    if (content.starts_with("<\0"sv) || content.starts_with("\0<"sv))
        return fromUtf16(content, content.starts_with('<'));
    return isLatin(declaredEncoding(content)) ? fromLatin1(content) : text::utf8(content);
}

std::string rootName(std::span<const std::byte> head) {
    const auto content = decoded(head);
    std::string_view rest = content;
    const auto skip = [&](std::string_view end) {
        const auto at = rest.find(end);
        rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + end.size());
    };
    for (;;) {
        rest = text::trim(rest);
        if (rest.starts_with("<?")) {
            skip("?>");
        } else if (rest.starts_with("<!--")) {
            rest.remove_prefix(4);
            skip("-->");
        } else if (rest.starts_with("<!DOCTYPE")) {
            const auto end = rest.find_first_of("[>"); // an internal subset stands in brackets
            if (end != std::string_view::npos && rest[end] == '[')
                skip("]");
            skip(">");
        } else {
            break;
        }
    }
    if (!rest.starts_with('<'))
        return {};
    const auto end = rest.find_first_of(" \t\r\n/>", 1);
    return end == std::string_view::npos ? std::string() : std::string(withoutPrefix(rest.substr(1, end - 1)));
}

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text)
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out.push_back(c);
        }
    return out;
}

} // namespace precordia::xml
