// Text formats that show themselves, and honest text that only resembles them.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

private let forms: [(text: String, type: MediaType)] = [
    ("<!DOCTYPE html>\n<html><body>x</body></html>", .html),
    ("  \n<HTML>\n<body></body></HTML>", .html),
    ("<!-- a page -->\n<html></html>", .html),
    ("<script>alert(1)</script>", .html),
    ("<?xml version=\"1.0\"?>\n<settings><a/></settings>", .xml),
    ("<!-- one -->\n<w:tbl xmlns:w=\"urn:w\"><w:tr/></w:tbl>\n<!-- two -->\n<w:tbl xmlns:w=\"urn:w\"/>", .xml),
    ("<settings>\n  <a>1</a>\n</settings>\n", .xml),
    ("<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>", TextForms.svg),
    ("<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x.dtd\"><svg/>", TextForms.svg),
    ("{\\rtf1\\ansi text}", TextForms.rtf),
    ("%!PS-Adobe-3.0\nshowpage\n", TextForms.postScript),
    ("BEGIN:VCARD\r\nVERSION:3.0\r\n", TextForms.card),
    ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", TextForms.calendar),
    (
        "MIME-Version: 1.0\nDate: Fri, 16 Dec 2022 17:04:16 -0500\nSubject: Test\nFrom: a@example.com\n\nHello\n",
        TextForms.mail
    ),
    (
        "From: <Saved by Blink>\nSubject: page\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\tboundary=\"x\"\n\n",
        TextForms.savedPage
    ),
    ("From a@example.com Fri Dec 16 2022\nReceived: from b\n by c\nFrom: a\nTo: b\n\nx", TextForms.mail),
    ("#!/bin/sh\necho hi\n", TextForms.script),
    ("#! /usr/bin/env python3\n", TextForms.script),
    ("<?php echo 1;", TextForms.php),
    ("{\"a\": [1, 2.5e-3, true, null, \"\\u00e9\"]}\n", .json),
    ("[]", .json),
    // As browsers sniff them.
    ("  \n<SCRIPT SRC=//x>", .html), ("<iframe src=//x></iframe>", .html), ("<img src=x onerror=y>", .html),
    ("<body bgcolor=red>", .html), ("<a href=x>", .html), ("<TABLE width=3><tr>", .html), ("<!doctype html>hi", .html),
    ("<!-- c -->\ntext", .html), ("<p onclick=x()>hi", .html), ("<object data=x></object>", .html),
    ("<?= $x ?>", TextForms.php), ("<% Response.Write 1 %>", TextForms.serverPage),
    ("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n", TextForms.savedPage),
    ("Subject: x\nContent-Type: text/html\n\n<p>", TextForms.savedPage),
    ("ID;PWXL;N;E\r\nC;X1;Y1;K1\r\nE\r\n", TextForms.sylk),
    ("<?xml version=\"1.0\"?><?xml-stylesheet type=\"text/xsl\" href=\"x\"?><a/>", TextForms.styleSheet),
    ("<x:stylesheet xmlns:x=\"http://www.w3.org/1999/XSL/Transform\"/>", TextForms.styleSheet),
    ("<?xml version=\"1.0\"?><!-- c --><s:svg xmlns:s=\"http://www.w3.org/2000/svg\"/>", TextForms.svg),
    ("<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>", TextForms.pageInXML),
    ("<?xml version=\"1.0\"?><h:x xmlns:h=\"http://www.w3.org/1999/xhtml\"/>", TextForms.pageInXML),
    // What only resembles these.
    ("ID;Price;Name\n1;2;x\n", .plainText), ("<a@example.com> wrote:\n", .plainText),
    ("<template>\n  key: value\n</template>\n", .plainText),
    ("<134>Oct 11 22:14:15 host app: started\n", .plainText),
    ("<VirtualHost *:80>\n  ServerName x\n</VirtualHost>\n", .plainText),
    ("<source>\n  @type tail\n</source>\n<source>\n  @type forward\n</source>\n", .plainText),
    ("<IfModule mod_ssl.c>\nListen 443\n</IfModule>\n", .plainText),
    ("From: alice\nTo: bob\nSubject: a pasted mail\n\nDear Bob\n", .plainText),
    ("from: ops@example.com\nto: all\nsubject: alert\n", .plainText),
    ("From: 10.0.0.1 connected\nFrom: 10.0.0.2 connected\nReceived: 3 packets\nTo: x y\nnot a header\n\n", .plainText),
    ("{\"level\":\"info\"}\n{\"level\":\"warn\"}\n", .plainText),
    ("[2024-01-02 10:11:12] started\n", .plainText),
    ("[section]\nkey = value\n", .plainText),
    ("{\"a\": 01}", .plainText),
    ("{\"a\": 1,}", .plainText),
    ("# Heading\n\nProse.\n", .plainText),
    ("#config-version=FGT60E\nset x\n", .plainText),
    ("I like <html> pages\n", .plainText),
    ("name,text\nx,a <html> page with a <body> in it\n", .plainText),
]

@Suite struct TextFormsTests {
    @Test(arguments: forms.indices)
    func `A text format is named when it shows itself, and only then`(_ index: Int) throws {
        let (text, type) = forms[index]
        #expect(try #require(scan(Array(text.utf8))).type.mediaType == type, "\(text)")
    }

    @Test(arguments: forms.indices)
    func `The form is seen in UTF-16 as well`(_ index: Int) throws {
        let (text, type) = forms[index]
        #expect(try #require(scan(TextBuilder.utf16(text))).type.mediaType == type, "\(text)")
    }

    @Test func `A finding says what the text looks like`() {
        #expect(findings(Array("#!/bin/sh\n".utf8)).map(\.code) == ["text.looks-like"])
        #expect(findings(Array("plain\n".utf8)).isEmpty)
        #expect(findings(Array("{}".utf8)).isEmpty)
    }

    @Test func `JSON nested too deep is plain text, without recursion`() throws {
        let deep =
            Array(String(repeating: "[", count: 100_000).utf8) + Array(String(repeating: "]", count: 100_000).utf8)
        #expect(try #require(scan(deep)).type.mediaType == .plainText)
    }
}
