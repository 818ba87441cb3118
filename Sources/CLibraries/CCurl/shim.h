// What Swift cannot import from <curl/curl.h> by itself goes here, each piece with its reason.
#pragma once
#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic: one function for each type that an option takes. The result tells options that this
// libcurl does not know.
static inline CURLcode sluice_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode sluice_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode sluice_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode sluice_curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode sluice_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*sluice_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*sluice_curl_seek_callback)(void *context, curl_off_t offset, int origin);

static inline CURLcode sluice_curl_set_data_callback(CURL *handle, CURLoption option, sluice_curl_data_callback value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode sluice_curl_set_seek_callback(CURL *handle, sluice_curl_seek_callback value) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, value);
}

static inline long sluice_curl_status(CURL *handle) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

// Macros with casts and shifts.
static const size_t sluice_CURL_READFUNC_ABORT = CURL_READFUNC_ABORT;
static const long sluice_CURL_GLOBAL_ALL = CURL_GLOBAL_ALL;
static const long sluice_CURL_HTTP_VERSION_1_1 = CURL_HTTP_VERSION_1_1;
static const long sluice_CURL_SSLVERSION_TLSv1_2 = CURL_SSLVERSION_TLSv1_2;
