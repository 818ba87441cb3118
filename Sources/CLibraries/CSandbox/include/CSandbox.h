// The system calls of the sandbox that Swift cannot make by itself. What they are used for, and in which order, is decided in SluiceSandbox.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <spawn.h>

// `fork` is marked unavailable in Swift's Glibc. Only ever called by the single-threaded inspector.
pid_t sandbox_fork(void);

// `prctl` is variadic. Each answers 0 or -1 with errno.
int sandbox_no_new_privileges(void);
int sandbox_not_dumpable(void);
int sandbox_die_with_parent(void);

// The resource is an enum in C++ disguise in glibc's header, which Swift imports differently from version to version.
enum sandbox_limit { SANDBOX_MEMORY, SANDBOX_CPU, SANDBOX_FILE_SIZE, SANDBOX_DESCRIPTORS, SANDBOX_PROCESSES, SANDBOX_CORE };
int sandbox_set_limit(enum sandbox_limit limit, uint64_t soft, uint64_t hard);

// `syscall` is variadic and glibc has no wrappers for Landlock (linux/landlock.h).
// The version of Landlock's interface, or -1 with errno where the kernel has none.
int sandbox_landlock_version(void);
// A ruleset that handles these rights; a descriptor or -1.
int sandbox_landlock_ruleset(uint64_t files, uint64_t network, uint64_t scopes);
int sandbox_landlock_restrict(int ruleset);

// Loads a ready BPF program: `count` instructions of 8 bytes each (seccomp(2)).
int sandbox_seccomp_load(const void *program, size_t count);
// Whether the kernel knows the action KILL_PROCESS.
bool sandbox_seccomp_available(void);

// For posix_spawn; both are GNU extensions, and the flags are macros. Closes every descriptor from `first` upward in the new process;
// gives it default signals, none of them blocked, and a session of its own.
int sandbox_spawn_closes_from(posix_spawn_file_actions_t *actions, int first);
int sandbox_spawn_apart(posix_spawnattr_t *attributes);

// Two connected sockets, close-on-exec; SOCK_STREAM, or SOCK_SEQPACKET for packets (an enum in glibc's header).
int sandbox_socket_pair(bool packets, int ends[2]);

// Closes every descriptor from `first` upward.
int sandbox_close_from(unsigned first);

// An unnamed file in memory (`memfd_create` is hidden behind _GNU_SOURCE); close-on-exec.
int sandbox_memory_file(void);

// One message with, at most, one descriptor: the CMSG macros are not importable. `descriptor` is -1 for none.
// Sending never raises SIGPIPE; what is received is close-on-exec, and surplus descriptors are closed by the kernel.
ssize_t sandbox_send(int socket, const void *bytes, size_t count, int descriptor, int flags);
ssize_t sandbox_receive(int socket, void *bytes, size_t capacity, int *descriptor, int flags);

// `sigaction` keeps its handler in a union. Every signal gets its default action again: Swift's runtime installs a backtracer for
// crashes when it starts, which would only run into the filter.
void sandbox_default_signals(void);
// Blocks SIGCHLD outside of `sandbox_wait_for_message`.
int sandbox_notice_children(void);
// Waits until `socket` is readable (1) or a child has ended (0); -1 on failure.
int sandbox_wait_for_message(int socket);

// Wait statuses are taken apart by macros. The signal that ended the process, or 0; the exit code, or -1.
int sandbox_ending_signal(int status);
int sandbox_exit_code(int status);

// Moves the program's own code, as far as it fills whole huge pages, into anonymous ones at the same addresses. 1 done, 0 too little code,
// -1 refused (by a policy against new executable memory): then everything is as it was. Only while the process is single-threaded.
int sandbox_code_to_huge_pages(void);
