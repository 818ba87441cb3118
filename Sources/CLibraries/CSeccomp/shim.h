// What Swift cannot import from <seccomp.h> by itself goes here, each piece with its reason.
#pragma once
#include <seccomp.h>

// The actions are function-like macros or cast expressions.
static inline uint32_t seccomp_allow(void) { return SCMP_ACT_ALLOW; }
static inline uint32_t seccomp_kill_process(void) { return SCMP_ACT_KILL_PROCESS; }
static inline uint32_t seccomp_fail_with(uint16_t error) { return SCMP_ACT_ERRNO(error); }
// "No such call on this architecture" is a negative macro.
static inline int seccomp_is_unknown(int call) { return call == __NR_SCMP_ERROR; }
