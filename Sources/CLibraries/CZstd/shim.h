// What Swift cannot import from <zstd.h> by itself goes here, each piece with its reason.
#pragma once
#include <zstd.h>

// Nothing is needed so far: ZSTD_compressCCtx and ZSTD_decompress are plain functions.
