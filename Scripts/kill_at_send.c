// Preloaded into a node by the campaign of several nodes: kills the process at its N-th call that sends something to one of the servers behind it
// (SLUICE_KILL_AT, SLUICE_KILL_PORTS=5432,9000). Without N it only counts, and tells how many there were when the process ends.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static atomic_long calls;

static int is_behind(int socket) {
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    const char *ports = getenv("SLUICE_KILL_PORTS");
    if (!ports || getpeername(socket, (struct sockaddr *)&peer, &size) != 0 || peer.sin_family != AF_INET) return 0;
    for (const char *at = ports; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (atoi(at) == ntohs(peer.sin_port)) return 1;
    return 0;
}

static void count(int socket) {
    if (!is_behind(socket)) return;
    const char *at = getenv("SLUICE_KILL_AT");
    if (atomic_fetch_add(&calls, 1) + 1 == (at ? atol(at) : 0)) kill(getpid(), SIGKILL);
}

ssize_t send(int socket, const void *bytes, size_t size, int flags) {
    count(socket);
    return ((ssize_t(*)(int, const void *, size_t, int))dlsym(RTLD_NEXT, "send"))(socket, bytes, size, flags);
}

__attribute__((destructor)) static void tell(void) {
    if (getenv("SLUICE_KILL_PORTS")) fprintf(stderr, "sends to the servers: %ld\n", atomic_load(&calls));
}
