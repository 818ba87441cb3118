#define _GNU_SOURCE
#include "CDropFolder.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(DROP_IS_FOLDER == IN_ISDIR && DROP_OVERFLOW == IN_Q_OVERFLOW && DROP_IGNORED == IN_IGNORED, "man 7 inotify");
_Static_assert(DROP_GONE == (IN_DELETE | IN_MOVED_FROM), "man 7 inotify");

int drop_open_beneath(int folder, const char *path, int flags) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (uint64_t)(flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    for (;;) {
        long descriptor = syscall(SYS_openat2, folder, path, &how, sizeof how);
        // EAGAIN: something was renamed meanwhile and the kernel could not be sure (man 2 openat2).
        if (descriptor >= 0 || (errno != EINTR && errno != EAGAIN)) return (int)descriptor;
    }
}

int drop_rename_without_replacing(int from, const char *name, int to, const char *new_name) {
    if (renameat2(from, name, to, new_name, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -1;
    if (linkat(from, name, to, new_name, 0) != 0) return -1;
    return unlinkat(from, name, 0);
}

int drop_rename_into_own(int from, const char *name, int to) {
    if (renameat2(from, name, to, name, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -1;
    if (faccessat(to, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return -1;
    }
    return renameat(from, name, to, name);
}

int drop_has_writer(int descriptor) {
    if (fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(descriptor, F_SETLEASE, F_UNLCK);
        return 0;
    }
    return errno == EAGAIN ? 1 : -1;
}

void drop_ignore_broken_leases(void) { signal(SIGIO, SIG_IGN); }

int drop_events_open(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

int drop_events_watch(int events, int folder) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", folder);
    return inotify_add_watch(
        events, path,
        IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR);
}

void drop_events_forget(int events, int watch) { inotify_rm_watch(events, watch); }

long drop_event_at(const void *buffer, long offset, long length, struct drop_event *event) {
    if (length - offset < (long)sizeof(struct inotify_event)) return 0;
    const struct inotify_event *record = (const void *)((const char *)buffer + offset);
    event->watch = record->wd;
    event->mask = record->mask;
    event->name = record->len > 0 ? record->name : "";
    return offset + (long)sizeof *record + (long)record->len;
}

int drop_wake_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void drop_wake(int descriptor) {
    uint64_t one = 1;
    while (write(descriptor, &one, sizeof one) < 0 && errno == EINTR) {}
}

void drop_wake_clear(int descriptor) {
    uint64_t count;
    while (read(descriptor, &count, sizeof count) < 0 && errno == EINTR) {}
}

int drop_notify(const char *message) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof address.sun_path) return 0;
    memcpy(address.sun_path, path, strlen(path));
    // An abstract socket's name begins with a NUL (man 7 unix).
    if (path[0] == '@') address.sun_path[0] = 0;
    int socket_number = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_number < 0) return -1;
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    long sent = sendto(socket_number, message, strlen(message), MSG_NOSIGNAL, (struct sockaddr *)&address, length);
    close(socket_number);
    return sent < 0 ? -1 : 1;
}

int drop_clone(int to, int from) { return ioctl(to, FICLONE, from); }
