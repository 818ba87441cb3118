// What Swift cannot import from <sqlite3.h> by itself goes here, each piece with its reason.
#pragma once
#include <sqlite3.h>

// SQLITE_TRANSIENT is a macro that casts -1 to a function pointer; SQLite copies the bytes before the call returns.
static inline int sluice_bind_text(sqlite3_stmt *statement, int index, const char *bytes, int count) {
    return sqlite3_bind_text(statement, index, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}
static inline int sluice_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_blob(statement, index, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}

// sqlite3_db_config is variadic. Defensive mode: no SQL can write to the file behind SQLite's back; and a
// schema from a tampered file can neither call functions with side effects nor use virtual tables.
static inline int sluice_harden(sqlite3 *database) {
    int code = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (code != SQLITE_OK) return code;
    return sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
}

// sqlite3_wal_hook takes a function pointer of C: after each commit it tells how many pages the write-ahead log has that may not be in the
// database file yet. Setting it turns SQLite's own checkpoints in the committing thread off (sqlite.org/c3ref/wal_hook.html).
static int sluice_note_log_pages(void *pages, sqlite3 *database, const char *name, int count) {
    (void)database;
    (void)name;
    *(int *)pages = count;
    return SQLITE_OK;
}
static inline void sluice_count_log_pages(sqlite3 *database, int *pages) {
    sqlite3_wal_hook(database, sluice_note_log_pages, pages);
}
