#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills precordia_en.ts after lupdate: "%n recording(s)" becomes "%n recording" and "%n recordings"."""
import sys
import xml.etree.ElementTree as ET

path = sys.argv[1]
tree = ET.parse(path)
for message in tree.iter("message"):
    source = message.find("source").text
    translation = message.find("translation")
    translation.clear()
    for form in (source.replace("(s)", ""), source.replace("(s)", "s")):
        ET.SubElement(translation, "numerusform").text = form
ET.indent(tree, " " * 4)
with open(path, "wb") as out:
    out.write(b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n')
    tree.write(out, encoding="utf-8")
    out.write(b"\n")
