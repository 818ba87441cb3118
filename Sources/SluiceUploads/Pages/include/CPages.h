// The files of the page and the API's document, as the linker put them into the program.
#pragma once
#include <stddef.h>

struct page_file {
    /// As in the URL behind `/assets/`, or `index.html`, or `openapi.json`.
    const char *name;
    const unsigned char *bytes;
    size_t size;
};

/// NULL behind the last.
const struct page_file *page_file_at(size_t index);
