// What Swift cannot import from <seccomp.h> by itself goes here, each piece with its reason.
#pragma once
#include <seccomp.h>
