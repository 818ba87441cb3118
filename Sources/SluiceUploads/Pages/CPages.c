// Embeds the page: C, since #embed puts 100 KB into a program in no time, and the compiler knows to do it again when a file changes.
// A Swift array of as many numbers takes half a minute. How they are served lives in SluiceUploads.

#include "CPages.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

#define FILE_BYTES(symbol) static const unsigned char symbol[]

FILE_BYTES(openapi_json) = {
#embed "openapi.json"
};
FILE_BYTES(index_html) = {
#embed "Web/index.html"
};
FILE_BYTES(style_css) = {
#embed "Web/style.css"
};
FILE_BYTES(icon_svg) = {
#embed "Web/icon.svg"
};
FILE_BYTES(main_js) = {
#embed "Web/main.js"
};
FILE_BYTES(api_js) = {
#embed "Web/api.js"
};
FILE_BYTES(elements_js) = {
#embed "Web/elements.js"
};
FILE_BYTES(words_js) = {
#embed "Web/words.js"
};
FILE_BYTES(resumable_js) = {
#embed "Web/resumable.js"
};
FILE_BYTES(sending_js) = {
#embed "Web/sending.js"
};
FILE_BYTES(file_row_js) = {
#embed "Web/file-row.js"
};
FILE_BYTES(verdict_js) = {
#embed "Web/verdict.js"
};
FILE_BYTES(attachments_js) = {
#embed "Web/attachments.js"
};
FILE_BYTES(archive_tree_js) = {
#embed "Web/archive-tree.js"
};
FILE_BYTES(bundle_card_js) = {
#embed "Web/bundle-card.js"
};
FILE_BYTES(review_js) = {
#embed "Web/review.js"
};
FILE_BYTES(entrance_js) = {
#embed "Web/entrance.js"
};

#define ROW(name, symbol) {name, symbol, sizeof symbol}

static const struct page_file files[] = {
    ROW("openapi.json", openapi_json),
    ROW("index.html", index_html),
    ROW("style.css", style_css),
    ROW("icon.svg", icon_svg),
    ROW("main.js", main_js),
    ROW("api.js", api_js),
    ROW("elements.js", elements_js),
    ROW("words.js", words_js),
    ROW("resumable.js", resumable_js),
    ROW("sending.js", sending_js),
    ROW("file-row.js", file_row_js),
    ROW("verdict.js", verdict_js),
    ROW("attachments.js", attachments_js),
    ROW("archive-tree.js", archive_tree_js),
    ROW("bundle-card.js", bundle_card_js),
    ROW("review.js", review_js),
    ROW("entrance.js", entrance_js),
};

const struct page_file *page_file_at(size_t index) {
    return index < sizeof files / sizeof *files ? &files[index] : NULL;
}
