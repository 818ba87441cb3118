// What Swift cannot import from <archive.h> by itself goes here, each piece with its reason.
#pragma once
#include <archive.h>
#include <archive_entry.h>
