// What Swift cannot import from ISA-L by itself goes here, each piece with its reason.
// Only the two headers that are used: <isa-l.h> would bring in the erasure coding as well.
#pragma once
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
