// What Swift cannot import from <expat.h> by itself goes here, each piece with its reason.
#pragma once
#include <expat.h>

// Nothing is needed so far: the parser's functions are plain, and its callbacks are C function types.
