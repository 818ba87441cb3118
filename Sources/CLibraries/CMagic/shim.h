// What Swift cannot import from <magic.h> by itself goes here, each piece with its reason.
#pragma once
#include <magic.h>
