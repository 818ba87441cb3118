#define _GNU_SOURCE
#include "CTimedLock.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static void interrupt(int signal) { (void)signal; }

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

int timed_flock(int descriptor, int operation, int milliseconds) {
    const int number = SIGRTMIN + 7;  // chosen; nothing else in the program uses one of these
    if (flock(descriptor, operation | LOCK_NB) == 0) return 0;
    if (errno != EWOULDBLOCK && errno != EINTR) return -1;
    // Without SA_RESTART, so that flock comes back with EINTR. Every caller sets the same.
    struct sigaction action = {.sa_handler = interrupt};
    sigemptyset(&action.sa_mask);
    if (sigaction(number, &action, NULL) < 0) return -1;
    sigset_t own;
    sigemptyset(&own);
    sigaddset(&own, number);
    pthread_sigmask(SIG_UNBLOCK, &own, NULL);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = number};
    event.sigev_notify_thread_id = gettid();
    timer_t timer;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0) return -1;
    // Repeated: the first signal may come just before flock begins to wait.
    struct itimerspec times = {
        .it_value = {milliseconds / 1000, (milliseconds % 1000) * 1000000L + 1}, .it_interval = {0, 20 * 1000000L}};
    timer_settime(timer, 0, &times, NULL);
    long long end = now() + milliseconds;
    int result;
    do result = flock(descriptor, operation);
    while (result < 0 && errno == EINTR && now() < end);
    int failure = errno == EINTR ? EWOULDBLOCK : errno;
    timer_delete(timer);
    errno = failure;
    return result;
}
