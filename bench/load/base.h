/* What every program here needs: clocks, a way to give up, bytes that grow. */
#ifndef BASE_H
#define BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Microseconds since 1970: what published events carry. */
uint64_t now_us(void);

/* Seconds of a clock that never steps: what waits and rates are counted by. */
double now_s(void);

/* Say what is wrong, on stderr, and end with code 2. */
void give_up(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* 32 random bits, quickly and not for secrets. */
uint32_t random_bits(void);

/* Bytes that grow; `start` is what has been consumed already. */
struct bytes {
    char *data;
    size_t start, length, capacity;
};

void bytes_add(struct bytes *bytes, const void *data, size_t length);
void bytes_printf(struct bytes *bytes, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What has been added and not consumed. */
static inline char *bytes_begin(const struct bytes *bytes) { return bytes->data + bytes->start; }
static inline size_t bytes_left(const struct bytes *bytes) { return bytes->length - bytes->start; }

/* Forget the first `count` of them; memory is given back once none are left. */
void bytes_consume(struct bytes *bytes, size_t count);

/* Return the text of a file, ended by a zero byte. Gives up if it cannot be read. */
char *file_text(const char *path);

/* Let this process have as many files open as the system allows, and write to closed sockets without dying. */
void raise_limits(void);

#endif
