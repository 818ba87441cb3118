// The probes. Raw system calls throughout, so that no library refuses on the kernel's behalf.
#define _GNU_SOURCE
#include "CProbes.h"

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/openat2.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

typedef const struct probe_context *context;

static const char secret[] = "/etc/passwd";
static const char word[] = "known";

static long made(long result) { return result < 0 ? -errno : result; }

// A child that was really made ends at once.
static long forked(long process) {
    if (process == 0) _exit(0);
    if (process > 0) waitpid((pid_t)process, NULL, 0);
    return made(process);
}

// Files
#ifdef SYS_open
static long open_file(context c) { (void)c; return made(syscall(SYS_open, secret, O_RDONLY)); }
static long stat_file(context c) { (void)c; struct stat s; return made(syscall(SYS_stat, secret, &s)); }
#endif
static long openat_file(context c) { (void)c; return made(syscall(SYS_openat, AT_FDCWD, secret, O_RDONLY)); }
static long openat_path(context c) { (void)c; return made(syscall(SYS_openat, AT_FDCWD, secret, O_PATH)); }
static long openat2_file(context c) {
    (void)c;
    struct open_how how = {.flags = O_RDONLY};
    return made(syscall(SYS_openat2, AT_FDCWD, secret, &how, sizeof how));
}
static long create_file(context c) { (void)c; return made(syscall(SYS_openat, AT_FDCWD, "/var/tmp", O_TMPFILE | O_RDWR, 0600)); }
static long make_folder(context c) {
    (void)c;
    const char *path = "/var/tmp/sluice-escape-probe";
    long result = made(syscall(SYS_mkdirat, AT_FDCWD, path, 0700));
    if (result >= 0) rmdir(path);
    return result;
}
static long newfstatat_path(context c) {
    // Allowed for descriptors in some filters: a filter cannot read the path.
    struct stat s;
    return made(syscall(SYS_newfstatat, c->attachment, secret, &s, AT_EMPTY_PATH));
}
static long statx_file(context c) { (void)c; char s[256]; return made(syscall(SYS_statx, AT_FDCWD, secret, 0, 0x7ff, s)); }
static long read_link(context c) { (void)c; char t[64]; return made(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", t, sizeof t)); }
static long list_folder(context c) {
    (void)c;
    char entries[1024];
    long folder = made(syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY | O_DIRECTORY));
    return folder < 0 ? folder : made(syscall(SYS_getdents64, folder, entries, sizeof entries));
}
static long change_folder(context c) { (void)c; return made(syscall(SYS_chdir, "/var/tmp")); }
static long change_root(context c) { (void)c; return made(syscall(SYS_chroot, "/var/tmp")); }

// The attachment
static long write_attachment(context c) { return made(syscall(SYS_write, c->attachment, word, sizeof word)); }
static long pwrite_attachment(context c) { return made(syscall(SYS_pwrite64, c->attachment, word, sizeof word, 0)); }
static long truncate_attachment(context c) { return made(syscall(SYS_ftruncate, c->attachment, 1)); }
static long map_attachment_shared(context c) {
    return made((long)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, c->attachment, 0) == -1 ? -1 : 0);
}
static long raise_mode(context c) { return made(syscall(SYS_fcntl, c->attachment, F_SETFL, O_APPEND)); }
static long reopen_attachment(context c) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", c->attachment);
    return made(syscall(SYS_openat, AT_FDCWD, path, O_RDWR));
}

// Network and other processes
static long socket_inet(context c) { (void)c; return made(syscall(SYS_socket, AF_INET, SOCK_STREAM, 0)); }
static long socket_unix(context c) { (void)c; return made(syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0)); }
static long socket_netlink(context c) { (void)c; return made(syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 0)); }
static long socket_pair(context c) { (void)c; int ends[2]; return made(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, ends)); }
static long connect_unix(context c) {
    (void)c;
    // Asked of a socket that is there; with nobody listening, "refused" or "no such file" means that it was really tried.
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/nobody-listens"};
    long one = made(syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0));
    long result = made(syscall(SYS_connect, one < 0 ? c->session : (int)one, &address, sizeof address));
    return result == -ENOENT || result == -ECONNREFUSED ? 0 : result;
}
static long connect_inet(context c) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    long one = made(syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0));
    return made(syscall(SYS_connect, one < 0 ? c->session : (int)one, &address, sizeof address));
}
static long bind_session(context c) {
    (void)c;
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0sluice-escape-probe"};
    long one = made(syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0));
    return made(syscall(SYS_bind, one < 0 ? c->session : (int)one, &address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 20)));
}
static long send_descriptor(context c) {
    char byte = 0;
    struct iovec piece = {&byte, 1};
    union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr aligned; } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &c->attachment, sizeof(int));
    return made(syscall(SYS_sendmsg, c->session, &message, 0));
}
static long write_to_stream(context c) { (void)c; return made(syscall(SYS_write, 1, "", 0)); }
static long signal_parent(context c) { return made(syscall(SYS_kill, c->parent, 0)); }
static long signal_thread(context c) { return made(syscall(SYS_tgkill, c->parent, c->parent, 0)); }
static long open_process(context c) { return made(syscall(SYS_pidfd_open, c->parent, 0)); }
static long trace_me(context c) { (void)c; return made(syscall(SYS_ptrace, PTRACE_TRACEME, 0L, 0L, 0L)); }
static long trace_parent(context c) {
    // Seizing does not stop it; the tracer's end lets it go.
    return made(syscall(SYS_ptrace, 0x4206 /* PTRACE_SEIZE */, c->parent, 0L, 0L));
}
static long read_parent(context c) {
    char copy[sizeof word];
    struct iovec here = {copy, sizeof copy}, there = {(void *)word, sizeof word};
    return made(syscall(SYS_process_vm_readv, c->parent, &here, 1L, &there, 1L, 0L));
}
static long write_parent(context c) {
    static char target[sizeof word];
    struct iovec here = {(void *)word, sizeof word}, there = {target, sizeof target};
    return made(syscall(SYS_process_vm_writev, c->parent, &here, 1L, &there, 1L, 0L));
}
static long limit_parent(context c) {
    struct rlimit now;
    return made(syscall(SYS_prlimit64, c->parent, RLIMIT_NOFILE, NULL, &now));
}

// New processes and programs
static const char *const shell[] = {"sh", "-c", "exit 200", NULL};
static const char *const nothing[] = {NULL};
static long exec_program(context c) { (void)c; return made(syscall(SYS_execve, "/bin/sh", shell, nothing)); }
static long execveat_program(context c) { (void)c; return made(syscall(SYS_execveat, AT_FDCWD, "/bin/sh", shell, nothing, 0)); }
static long memfd_exec(context c) {
    (void)c;
    static const char script[] = "#!/bin/sh\nexit 200\n";
    long file = made(syscall(SYS_memfd_create, "probe", 0));
    if (file < 0) return file;
    if (syscall(SYS_write, file, script, sizeof script - 1) < 0) return -errno;
    return made(syscall(SYS_execveat, file, "", shell, nothing, AT_EMPTY_PATH));
}
#ifdef SYS_fork
static long fork_process(context c) { (void)c; return forked(syscall(SYS_fork)); }
#endif
static long clone_process(context c) { (void)c; return forked(syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L)); }
static long clone3_process(context c) {
    (void)c;
    struct clone_args arguments = {.exit_signal = SIGCHLD};
    return forked(syscall(SYS_clone3, &arguments, sizeof arguments));
}

// Memory
static long map_executable(context c) {
    (void)c;
    return made((long)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == -1 ? -1 : 0);
}
static long map_attachment_executable(context c) {
    return made((long)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, c->attachment, 0) == -1 ? -1 : 0);
}
static void *page(void) { return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
static long protect_executable(context c) { (void)c; return made(mprotect(page(), 4096, PROT_READ | PROT_EXEC)); }
static long protect_key_executable(context c) {
    (void)c;
    return made(syscall(SYS_pkey_mprotect, page(), 4096L, PROT_READ | PROT_EXEC, -1));
}
static long attach_executable(context c) {
    (void)c;
    long segment = made(syscall(SYS_shmget, IPC_PRIVATE, 4096L, 0600));
    if (segment < 0) return segment;
    long result = made(syscall(SYS_shmat, segment, NULL, SHM_EXEC));
    syscall(SYS_shmctl, segment, IPC_RMID, NULL);
    return result == -1 ? -errno : 0;
}
static long much_memory(context c) {
    (void)c;
    return made((long)mmap(NULL, 512L << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == -1 ? -1 : 0);
}

// Descriptors
static long many_descriptors(context c) {
    for (int count = 0; count < 64; count++)
        if (syscall(SYS_dup, c->attachment) < 0) return -errno;
    return 0;
}
static long high_descriptor(context c) { return made(syscall(SYS_fcntl, c->attachment, F_DUPFD, 100)); }

// The kernel's further doors
static long io_uring(context c) { (void)c; char parameters[256] = {0}; return made(syscall(SYS_io_uring_setup, 1, parameters)); }
static long user_faults(context c) { (void)c; return made(syscall(SYS_userfaultfd, O_CLOEXEC)); }
static long bpf_map(context c) {
    (void)c;
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.map_type = BPF_MAP_TYPE_ARRAY;
    attributes.key_size = attributes.value_size = 4;
    attributes.max_entries = 1;
    return made(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}
static long perf_event(context c) {
    (void)c;
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_SOFTWARE, .size = sizeof attributes, .config = PERF_COUNT_SW_TASK_CLOCK, .exclude_kernel = 1};
    return made(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}
static long key_ring(context c) { (void)c; return made(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, -2 /* process */, 1)); }
static long add_key(context c) { (void)c; return made(syscall(SYS_add_key, "user", "probe", "x", 1L, -2L)); }
static long mount_private(context c) { (void)c; return made(syscall(SYS_mount, "none", "/var/tmp", NULL, MS_PRIVATE, NULL)) == -EINVAL ? 0 : -errno; }
static long new_namespace(context c) { (void)c; return made(syscall(SYS_unshare, CLONE_NEWUSER)); }
static long become_other(context c) { (void)c; return made(syscall(SYS_setuid, 65534)); }
static long dumpable(context c) { (void)c; return made(syscall(SYS_prctl, PR_SET_DUMPABLE, 1L, 0L, 0L, 0L)); }
static long survive_parent(context c) { (void)c; return made(syscall(SYS_prctl, PR_SET_PDEATHSIG, 0L, 0L, 0L, 0L)); }
static long raise_limit(context c) {
    (void)c;
    struct rlimit value = {64, 64};
    return made(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &value, NULL));
}
static long change_personality(context c) { (void)c; return made(syscall(SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */)); }
static long own_handler(context c) { (void)c; char action[64] = {0}; return made(syscall(SYS_rt_sigaction, SIGUSR1, action, NULL, 8L)); }
static long by_handle(context c) {
    (void)c;
    struct { struct file_handle head; char room[128]; } handle = {.head = {.handle_bytes = 128}};
    int mounted;
    long result = made(syscall(SYS_name_to_handle_at, AT_FDCWD, secret, &handle, &mounted, 0));
    return result == -EOPNOTSUPP ? 0 : result;
}
static long watch_files(context c) { (void)c; return made(syscall(SYS_inotify_init1, 0)); }
static long set_clock(context c) {
    (void)c;
    struct { long seconds, nanoseconds; } now = {-1, -1};  // never a valid time: EINVAL means that it would have been set
    long result = made(syscall(SYS_clock_settime, 0, &now));
    return result == -EINVAL ? 0 : result;
}
static long unknown_call(context c) { (void)c; return made(syscall(0x3fff)) == -ENOSYS ? 0 : -errno; }

#ifdef __x86_64__
// The same kernel through its other doors: the call numbers of 32-bit programs and of x32. "No such call" from the kernel counts
// as entered: it must not even be reached.
static long legacy_interface(context c) {
    (void)c;
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L /* getpid */) : "memory", "r8", "r9", "r10", "r11");
    return result == -ENOSYS ? 0 : result;
}
static long x32_interface(context c) {
    (void)c;
    long result = made(syscall(0x40000000 | 39 /* getpid */));
    return result == -ENOSYS ? 0 : result;
}
#endif

static const struct {
    const char *name;
    long (*run)(context);
    bool writable;
} probes[] = {
#ifdef SYS_open
    {"open", open_file, false}, {"stat", stat_file, false},
#endif
    {"openat", openat_file, false}, {"openat-path", openat_path, false}, {"openat2", openat2_file, false},
    {"create-file", create_file, false}, {"mkdir", make_folder, false}, {"newfstatat-with-path", newfstatat_path, false},
    {"statx", statx_file, false}, {"readlink", read_link, false}, {"list-folder", list_folder, false},
    {"chdir", change_folder, false}, {"chroot", change_root, false},
    {"write-attachment", write_attachment, true}, {"pwrite-attachment", pwrite_attachment, true},
    {"truncate-attachment", truncate_attachment, true}, {"map-attachment-writable", map_attachment_shared, false},
    {"fcntl-mode", raise_mode, true}, {"reopen-attachment-writable", reopen_attachment, false},
    {"write-attachment-read-only", write_attachment, false},
    {"socket-inet", socket_inet, false}, {"socket-unix", socket_unix, false}, {"socket-netlink", socket_netlink, false},
    {"socketpair", socket_pair, false}, {"connect-unix", connect_unix, false}, {"connect-inet", connect_inet, false},
    {"bind", bind_session, false}, {"send-descriptor", send_descriptor, false}, {"write-standard-output", write_to_stream, false},
    {"kill-parent", signal_parent, false}, {"tgkill-parent", signal_thread, false}, {"pidfd-open", open_process, false},
    {"ptrace-me", trace_me, false}, {"ptrace-parent", trace_parent, false}, {"read-parent-memory", read_parent, false},
    {"write-parent-memory", write_parent, false}, {"prlimit-parent", limit_parent, false},
    {"execve", exec_program, false}, {"execveat", execveat_program, false}, {"memfd-exec", memfd_exec, false},
#ifdef SYS_fork
    {"fork", fork_process, false},
#endif
    {"clone", clone_process, false}, {"clone3", clone3_process, false},
    {"mmap-executable", map_executable, false}, {"mmap-attachment-executable", map_attachment_executable, false},
    {"mprotect-executable", protect_executable, false}, {"pkey-mprotect-executable", protect_key_executable, false},
    {"shmat-executable", attach_executable, false}, {"memory-512-mib", much_memory, false},
    {"dup-64", many_descriptors, false}, {"dup-to-100", high_descriptor, false},
    {"io_uring", io_uring, false}, {"userfaultfd", user_faults, false}, {"bpf", bpf_map, false}, {"perf-event", perf_event, false},
    {"keyctl", key_ring, false}, {"add-key", add_key, false}, {"mount", mount_private, false}, {"unshare", new_namespace, false},
    {"setuid", become_other, false}, {"set-dumpable", dumpable, false}, {"survive-parent", survive_parent, false},
    {"raise-limit", raise_limit, false}, {"personality", change_personality, false}, {"signal-handler", own_handler, false},
    {"file-handle", by_handle, false}, {"inotify", watch_files, false}, {"set-clock", set_clock, false},
    {"unknown-call", unknown_call, false},
#ifdef __x86_64__
    {"32-bit-interface", legacy_interface, false}, {"x32-interface", x32_interface, false},
#endif
};

int probe_count(void) { return (int)(sizeof probes / sizeof *probes); }
const char *probe_name(int index) { return probes[index].name; }
bool probe_wants_writable(int index) { return probes[index].writable; }
long probe_run(int index, const struct probe_context *context) { return probes[index].run(context); }
