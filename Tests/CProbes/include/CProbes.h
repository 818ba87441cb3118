// What a program that has taken over an inspector would try, one system call or trick each. Test-only.
#pragma once
#include <stdbool.h>
#include <sys/types.h>

struct probe_context {
    int session;
    int attachment;
    pid_t parent;
};

enum { PROBE_SUCCEEDED = 200 };

int probe_count(void);
const char *probe_name(int index);
// Whether the probe is given a writable descriptor even under confinement, to show that the mode is not all that protects it.
bool probe_wants_writable(int index);
// 0 or more: it succeeded; else the negative errno. A program that a probe executes ends with PROBE_SUCCEEDED.
long probe_run(int index, const struct probe_context *context);
