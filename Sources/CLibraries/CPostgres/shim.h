// What Swift cannot import from <libpq-fe.h> by itself goes here, each piece with its reason.
#pragma once
// Debian keeps the header in a folder of its own.
#include <postgresql/libpq-fe.h>

// The fields of an error are named by character constants, which Swift imports as numbers of another type.
static inline const char *sluice_error_field(const PGresult *result, char field) {
    return PQresultErrorField(result, field);
}

// PQsetNoticeReceiver takes a function pointer of C. Without one libpq writes the server's notices to standard error.
static void sluice_ignore_notice(void *nothing, const PGresult *notice) {
    (void)nothing;
    (void)notice;
}
static inline void sluice_ignore_notices(PGconn *connection) {
    PQsetNoticeReceiver(connection, sluice_ignore_notice, (void *)0);
}
