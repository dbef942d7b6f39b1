#define _GNU_SOURCE
#include "base.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

uint64_t now_us(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return time.tv_sec * 1000000ull + time.tv_nsec / 1000;
}

double now_s(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

void give_up(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(2);
}

uint32_t random_bits(void) {
    static uint32_t state;
    if (!state)
        state = (uint32_t)now_us() | 1;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static void reserve(struct bytes *bytes, size_t more) {
    if (bytes->start && bytes->length + more > bytes->capacity) {
        memmove(bytes->data, bytes_begin(bytes), bytes_left(bytes));
        bytes->length -= bytes->start;
        bytes->start = 0;
    }
    if (bytes->length + more <= bytes->capacity)
        return;
    bytes->capacity = 2 * (bytes->length + more) + 64;
    bytes->data = realloc(bytes->data, bytes->capacity);
    if (!bytes->data)
        give_up("out of memory");
}

void bytes_add(struct bytes *bytes, const void *data, size_t length) {
    if (!length)
        return;
    reserve(bytes, length);
    memcpy(bytes->data + bytes->length, data, length);
    bytes->length += length;
}

void bytes_printf(struct bytes *bytes, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char text[16384];
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof text)
        give_up("a text of %d bytes is too long", length);
    bytes_add(bytes, text, length);
}

void bytes_consume(struct bytes *bytes, size_t count) {
    bytes->start += count;
    if (bytes->start < bytes->length)
        return;
    bytes->start = bytes->length = 0;
    if (bytes->capacity > 4096) {
        free(bytes->data);
        bytes->data = NULL;
        bytes->capacity = 0;
    }
}

char *file_text(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        give_up("%s: %s", path, strerror(errno));
    struct bytes text = {0};
    char piece[65536];
    for (size_t count; (count = fread(piece, 1, sizeof piece, file)) > 0;)
        bytes_add(&text, piece, count);
    fclose(file);
    bytes_add(&text, "", 1);
    return text.data;
}

void raise_limits(void) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    signal(SIGPIPE, SIG_IGN);
}
