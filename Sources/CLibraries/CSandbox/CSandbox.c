// Thin wrappers, one a system call; no policy in here.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <link.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// The numbers are the same on every architecture (include/uapi/asm-generic/unistd.h); older C headers lack the names.
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#define LANDLOCK_VERSION_FLAG 1U

pid_t sandbox_fork(void) { return fork(); }

int sandbox_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }
int sandbox_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
int sandbox_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

int sandbox_set_limit(enum sandbox_limit limit, uint64_t soft, uint64_t hard) {
    struct rlimit value = {.rlim_cur = soft, .rlim_max = hard};
    switch (limit) {
    case SANDBOX_MEMORY: return setrlimit(RLIMIT_AS, &value);
    case SANDBOX_CPU: return setrlimit(RLIMIT_CPU, &value);
    case SANDBOX_FILE_SIZE: return setrlimit(RLIMIT_FSIZE, &value);
    case SANDBOX_DESCRIPTORS: return setrlimit(RLIMIT_NOFILE, &value);
    case SANDBOX_PROCESSES: return setrlimit(RLIMIT_NPROC, &value);
    case SANDBOX_CORE: return setrlimit(RLIMIT_CORE, &value);
    }
    errno = EINVAL;
    return -1;
}

int sandbox_landlock_version(void) {
    return (int)syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_VERSION_FLAG);
}

int sandbox_landlock_ruleset(uint64_t files, uint64_t network, uint64_t scopes) {
    // struct landlock_ruleset_attr as of version 6; older kernels take the longer form as long as its tail is zero.
    struct { uint64_t files, network, scopes; } attributes = {files, network, scopes};
    return (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0U);
}

int sandbox_landlock_restrict(int ruleset) { return (int)syscall(SYS_landlock_restrict_self, ruleset, 0U); }

int sandbox_seccomp_load(const void *program, size_t count) {
    struct sock_fprog filter = {.len = (unsigned short)count, .filter = (struct sock_filter *)program};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &filter);
}

bool sandbox_seccomp_available(void) {
    uint32_t action = SECCOMP_RET_KILL_PROCESS;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0U, &action) == 0;
}

int sandbox_spawn_closes_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int sandbox_spawn_apart(posix_spawnattr_t *attributes) {
    sigset_t set;
    sigfillset(&set);
    posix_spawnattr_setsigdefault(attributes, &set);
    sigemptyset(&set);
    posix_spawnattr_setsigmask(attributes, &set);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
}

int sandbox_socket_pair(bool packets, int ends[2]) {
    return socketpair(AF_UNIX, (packets ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_CLOEXEC, 0, ends);
}

int sandbox_close_from(unsigned first) { return (int)syscall(SYS_close_range, first, ~0U, 0U); }

int sandbox_memory_file(void) { return memfd_create("sluice", MFD_CLOEXEC); }

ssize_t sandbox_send(int socket, const void *bytes, size_t count, int descriptor, int flags) {
    struct iovec piece = {.iov_base = (void *)bytes, .iov_len = count};
    union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr aligned; } control;
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    if (descriptor >= 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL | flags);
    while (sent < 0 && errno == EINTR);
    return sent;
}

ssize_t sandbox_receive(int socket, void *bytes, size_t capacity, int *descriptor, int flags) {
    struct iovec piece = {.iov_base = bytes, .iov_len = capacity};
    union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr aligned; } control;
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    *descriptor = -1;
    ssize_t received;
    do received = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    if (received < 0) return received;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header))
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof(int)))
            memcpy(descriptor, CMSG_DATA(header), sizeof(int));
    return received;
}

void sandbox_default_signals(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);  // SIGKILL and SIGSTOP refuse
}

static void notice(int signal) { (void)signal; }

int sandbox_notice_children(void) {
    struct sigaction action = {.sa_handler = notice, .sa_flags = SA_NOCLDSTOP};
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &children, NULL) < 0) return -1;
    return sigaction(SIGCHLD, &action, NULL);
}

int sandbox_wait_for_message(int socket) {
    struct pollfd waiting = {.fd = socket, .events = POLLIN};
    sigset_t none;
    sigemptyset(&none);
    int ready = ppoll(&waiting, 1, NULL, &none);
    if (ready < 0) return errno == EINTR ? 0 : -1;
    return ready;
}

int sandbox_ending_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }
int sandbox_exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

static int code_of_program(struct dl_phdr_info *object, size_t size, void *found) {
    uintptr_t *range = found;
    for (int index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[index];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
        range[0] = object->dlpi_addr + part->p_vaddr;
        range[1] = range[0] + part->p_memsz;
    }
    return 1;  // the first object is the program itself
}

int sandbox_code_to_huge_pages(void) {
    const uintptr_t huge = 2 << 20;
    uintptr_t range[2] = {0, 0};
    dl_iterate_phdr(code_of_program, range);
    uintptr_t start = (range[0] + huge - 1) & -huge, end = range[1] & -huge;
    if (end <= start) return 0;
    size_t size = end - start;
    // A huge page needs its own alignment: one more is asked for, and what stands out at both ends is given back.
    char *anywhere = mmap(NULL, size + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (anywhere == MAP_FAILED) return -1;
    char *copy = (char *)(((uintptr_t)anywhere + huge - 1) & -huge);
    if (copy > anywhere) munmap(anywhere, copy - anywhere);
    if (copy + size < anywhere + size + huge) munmap(copy + size, anywhere + huge - copy);
    madvise(copy, size, MADV_HUGEPAGE);
    memcpy(copy, (void *)start, size);
    // Never writable and executable at once. The move is one call, and what stands there afterwards is the same to the last byte, so it
    // does not matter that the code that is running may lie in it.
    if (mprotect(copy, size, PROT_READ | PROT_EXEC) == 0
        && mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)start) == (void *)start) return 1;
    munmap(copy, size);
    return -1;
}
