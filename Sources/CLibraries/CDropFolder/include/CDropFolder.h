// System calls of the drop folder that Swift cannot make by itself. What they are used for is decided in SluiceDropFolder.
// Each answers 0 or more, or -1 with errno, unless it says otherwise.
#pragma once
#include <stdint.h>

// `syscall` is variadic and glibc has no wrapper for openat2 (man 2 openat2): opens `path` below `folder`, never through a symbolic link
// and never out of the folder. O_NOFOLLOW, O_NONBLOCK and O_CLOEXEC are added.
int drop_open_beneath(int folder, const char *path, int flags);

// Declared under _GNU_SOURCE only. Where the file system cannot do it in one step, a second name is made and the first one removed.
int drop_rename_without_replacing(int from, const char *name, int to, const char *new_name);

// The same into a folder where nobody but the caller makes names: one step on every file system, so that of two who try one succeeds.
int drop_rename_into_own(int from, const char *name, int to);

// Whether somebody has the file open for writing: 1 yes, 0 no, -1 it cannot be told. By asking for a read lease, which the kernel
// grants only where there is no writer (`fcntl` is variadic and F_SETLEASE is shown under _GNU_SOURCE only).
int drop_has_writer(int descriptor);

// A lease that is broken while it is asked for must not end the program.
void drop_ignore_broken_leases(void);

// inotify's records end in an array of open length, which Swift cannot walk.
int drop_events_open(void);
// Watches a folder given by its descriptor, so that no path can be swapped underneath.
int drop_events_watch(int events, int folder);
void drop_events_forget(int events, int watch);
struct drop_event {
    int watch;
    uint32_t mask;
    const char *name;  // valid until the buffer is read into again; empty for events of the folder itself
};
enum {
    DROP_IS_FOLDER = 0x40000000,
    DROP_OVERFLOW = 0x00004000,
    DROP_IGNORED = 0x00008000,
    DROP_GONE = 0x00000240,  // IN_DELETE | IN_MOVED_FROM
};
// Takes the record at `offset` of `length` bytes read; the offset of the next one, or 0 when there is none.
long drop_event_at(const void *buffer, long offset, long length, struct drop_event *event);

// A counter to wake poll(2) with; not in Swift's Glibc.
int drop_wake_open(void);
void drop_wake(int descriptor);
void drop_wake_clear(int descriptor);

// Tells the service manager (man 3 sd_notify, which is a datagram to $NOTIFY_SOCKET). 1 told, 0 there is none.
int drop_notify(const char *message);

// Makes `to` share the bytes of `from` where the file system can (man 2 ioctl_ficlone; `ioctl` is variadic).
int drop_clone(int to, int from);
