// flock(2) with a deadline. What is locked is decided in SluiceFiles.
#pragma once

// 0, or -1 with errno; EWOULDBLOCK when the time is over. By polling a waiter could starve beside one who takes the lock again and again: it
// waits in the kernel's queue, and a timer of its own thread interrupts it.
int timed_flock(int descriptor, int operation, int milliseconds);
