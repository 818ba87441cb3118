// What Swift cannot import from <microhttpd.h> by itself goes here, each piece with its reason.
#pragma once
#include <microhttpd.h>
#include <sys/socket.h>

// Closed enums, whose cases Swift names in its own way.
static const enum MHD_Result sluice_MHD_NO = MHD_NO;
static const enum MHD_Result sluice_MHD_YES = MHD_YES;
static inline int sluice_mhd_has_started(enum MHD_ConnectionNotificationCode code) {
    return code == MHD_CONNECTION_NOTIFY_STARTED;
}
static inline int sluice_mhd_was_sent(enum MHD_RequestTerminationCode code) {
    return code == MHD_REQUEST_TERMINATED_COMPLETED_OK;
}
// It has answered by itself, with an error: then nobody here has been asked.
static inline int sluice_mhd_has_refused(enum MHD_RequestTerminationCode code) {
    return code == MHD_REQUEST_TERMINATED_WITH_ERROR || code == MHD_REQUEST_TERMINATED_COMPLETED_OK;
}
static inline int sluice_mhd_header_count(struct MHD_Connection *connection) {
    return MHD_get_connection_values(connection, MHD_HEADER_KIND, NULL, NULL);
}
// A macro with a cast.
static const ssize_t sluice_mhd_end_with_error = MHD_CONTENT_READER_END_WITH_ERROR;
static inline struct MHD_Response *sluice_mhd_pulled_response(
    uint64_t size, size_t step, void *context, MHD_ContentReaderCallback fill, MHD_ContentReaderFreeCallback forget) {
    return MHD_create_response_from_callback(size, step, fill, context, forget);
}
static inline struct MHD_Response *sluice_mhd_copied_response(const void *bytes, size_t count) {
    return MHD_create_response_from_buffer(count, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}

struct sluice_mhd_settings {
    int listen_socket;
    unsigned int threads;
    unsigned int connections;
    unsigned int per_peer;  // 0: no bound
    size_t connection_memory;
    size_t read_step;
    void *context;
    MHD_AccessHandlerCallback handle;
    void *(*begin)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_RequestCompletedCallback complete;
    MHD_NotifyConnectionCallback notice;
    size_t (*unescape)(void *context, struct MHD_Connection *connection, char *text);
};

// MHD_start_daemon is variadic. Not strict about a missing Host: 0.9.75 sends the header of that refusal twice. Ours is stricter, and comes after it.
static inline struct MHD_Daemon *sluice_mhd_start(const struct sluice_mhd_settings *s) {
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL, s->handle, s->context,
        MHD_OPTION_LISTEN_SOCKET, s->listen_socket, MHD_OPTION_THREAD_POOL_SIZE, s->threads,
        MHD_OPTION_CONNECTION_LIMIT, s->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->per_peer,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->connection_memory, MHD_OPTION_CONNECTION_MEMORY_INCREMENT, s->read_step,
        MHD_OPTION_URI_LOG_CALLBACK, s->begin, s->context, MHD_OPTION_NOTIFY_COMPLETED, s->complete, s->context,
        MHD_OPTION_NOTIFY_CONNECTION, s->notice, s->context, MHD_OPTION_UNESCAPE_CALLBACK, s->unescape, s->context,
        MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
}

// MHD_get_connection_info is variadic, and its answer a union.
static inline int sluice_mhd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}
static inline const struct sockaddr *sluice_mhd_peer(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}
static inline size_t sluice_mhd_header_size(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}
static inline void *sluice_mhd_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}
