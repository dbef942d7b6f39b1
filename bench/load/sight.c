#define _GNU_SOURCE
#include "sight.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#ifdef WITH_ZLIB
#include <zlib.h>
#endif

enum { SLOTS = 256, MAX_INFLATED = 16 << 20 };

static struct sight slots[SLOTS];
static const char *marker, *ready_text, *refused_text;
static size_t marker_length;

void sight_open(const char *before_time, const char *ready, const char *refused) {
    marker = before_time;
    marker_length = strlen(marker);
    ready_text = ready;
    refused_text = refused;
}

#ifdef WITH_ZLIB
const char *inflated(const char *payload, size_t length, size_t *size) {
    static z_stream stream;
    static struct bytes out, in;
    static bool begun;
    if (begun ? inflateReset(&stream) : inflateInit2(&stream, -15))
        give_up("zlib does not work");
    begun = true;
    bytes_consume(&in, bytes_left(&in));
    bytes_consume(&out, bytes_left(&out));
    bytes_add(&in, payload, length);
    bytes_add(&in, "\0\0\377\377", 4); /* RFC 7692, 7.2.2 */
    stream.next_in = (unsigned char *)bytes_begin(&in);
    stream.avail_in = bytes_left(&in);
    while (stream.avail_in) {
        char piece[65536];
        stream.next_out = (unsigned char *)piece;
        stream.avail_out = sizeof piece;
        int result = inflate(&stream, Z_SYNC_FLUSH);
        if (result != Z_OK && result != Z_BUF_ERROR)
            give_up("the server sent a message that does not inflate");
        bytes_add(&out, piece, sizeof piece - stream.avail_out);
        if (bytes_left(&out) > MAX_INFLATED)
            give_up("the server sent a message that inflates to more than %d bytes", MAX_INFLATED);
        if (result == Z_BUF_ERROR && stream.avail_out)
            break;
    }
    *size = bytes_left(&out);
    return bytes_begin(&out);
}
#else
const char *inflated(const char *payload, size_t length, size_t *size) {
    (void)payload, (void)length, (void)size;
    give_up("this build cannot inflate: it found no zlib.h (Debian: zlib1g-dev)");
}
#endif

/* The positions or numbers that tell one batch from the next stand near the beginning: so much is enough for a hash,
 * and the comparison proves it. */
static uint64_t hash_of(const char *payload, size_t length) {
    uint64_t hash = length * 0x9e3779b97f4a7c15ull;
    for (size_t i = 0; i + 8 <= length && i < 192; i += 8) {
        uint64_t word;
        memcpy(&word, payload + i, 8);
        hash = (hash ^ word) * 0xff51afd7ed558ccdull;
        hash ^= hash >> 32;
    }
    return hash;
}

static void read_times(struct sight *sight, const char *text, size_t length) {
    const char *end = text + length;
    sight->count = 0;
    while ((text = memmem(text, end - text, marker, marker_length))) {
        uint64_t time = 0;
        for (text += marker_length; text < end && isdigit((unsigned char)*text); text++)
            time = time * 10 + (*text - '0');
        if (sight->count == sight->room) {
            sight->room = 2 * sight->room + 8;
            sight->times = realloc(sight->times, sight->room * sizeof *sight->times);
        }
        sight->times[sight->count++] = time;
    }
}

const struct sight *look(const struct message *message) {
    uint64_t hash = hash_of(message->payload, message->length);
    struct sight *sight = &slots[hash % SLOTS];
    if (sight->hash == hash && sight->length == message->length &&
        !memcmp(sight->payload, message->payload, message->length))
        return sight;
    if (message->length > sight->capacity) {
        free(sight->payload);
        sight->capacity = 2 * message->length;
        sight->payload = malloc(sight->capacity);
        if (!sight->payload)
            give_up("out of memory");
    }
    memcpy(sight->payload, message->payload, message->length);
    sight->hash = hash;
    sight->length = message->length;
    const char *text = message->payload;
    size_t length = message->length;
    if (message->deflated)
        text = inflated(text, length, &length);
    sight->ready = ready_text && memmem(text, length, ready_text, strlen(ready_text));
    sight->refused = refused_text && memmem(text, length, refused_text, strlen(refused_text));
    read_times(sight, text, length);
    return sight;
}
