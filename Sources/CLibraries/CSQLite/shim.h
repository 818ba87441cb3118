// What Swift cannot import from <sqlite3.h> by itself goes here, each piece with its reason.
#pragma once
#include <sqlite3.h>
