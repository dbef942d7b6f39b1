#define _GNU_SOURCE
#include "publisher.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "crowd.h"

enum { MAX_EVENT = 60000, MAX_WORDS = 64 };

/* Words of a chat, so that events compress about as well as people's texts do. */
static const char *const VOCABULARY[] = {
    "the",   "picture", "of",    "a",     "fox",    "in",     "snow",  "looks", "lovely", "and",    "who",
    "made",  "this",    "light", "is",    "soft",   "like",   "it",    "night", "river",  "castle", "with",
    "more",  "blue",    "stars", "maybe", "try",    "again",  "wow",   "so",    "tiny",   "details", "remix",
    "train", "harbour", "old",   "paper", "lantern", "forest", "owl",  "sings", "under",  "moon",   "glass"};

uint64_t published, publish_answers, publish_errors;

static struct watcher connection = {.descriptor = -1};
static struct bytes in, out;
static struct sockaddr_in address;
static const char *path;
static char *words[MAX_WORDS];
static int word_count, event_size;
static void (*send_event)(const char *event, size_t length);
static void (*take_answers)(void);

/* The event as JSON of exactly `event_size` bytes: {"type":…,"data":{"id":…,"ts":…,"body":"…"}}. */
static size_t write_event(char *event, uint64_t number) {
    int size = sprintf(event, "{\"type\":\"bench.tick\",\"data\":{\"id\":%lu,\"ts\":%lu,\"body\":\"",
                       (unsigned long)number, (unsigned long)now_us());
    while (size < event_size - 3) {
        const char *word = VOCABULARY[random_bits() % (sizeof VOCABULARY / sizeof *VOCABULARY)];
        while (*word && size < event_size - 3)
            event[size++] = *word++;
        if (size < event_size - 3)
            event[size++] = ' ';
    }
    return size + sprintf(event + size, "\"}}");
}

/* ---- resp: a command of Redis or Valkey ---- */

static void add_word(const char *word, const char *event, size_t length) {
    static const char HEAD[] = "{\"type\":\"bench.tick\",\"data\":";
    char text[MAX_EVENT + 4096];
    size_t size = 0;
    while (*word) {
        if (!strncmp(word, "{event}", 7)) {
            memcpy(text + size, event, length);
            size += length;
            word += 7;
        } else if (!strncmp(word, "{data}", 6)) {
            size_t head = sizeof HEAD - 1;
            memcpy(text + size, event + head, length - head - 1);
            size += length - head - 1;
            word += 6;
        } else if (!strncmp(word, "{chance}", 8)) {
            uint64_t bits = (uint64_t)random_bits() << 8 | (random_bits() & 255);
            size += sprintf(text + size, "%lu", (unsigned long)bits);
            word += 8;
        } else if (!strncmp(word, "{step}", 6)) {
            size += sprintf(text + size, "%u", 1 + (random_bits() & 0xfffff));
            word += 6;
        } else {
            text[size++] = *word++;
        }
    }
    bytes_printf(&out, "$%zu\r\n", size);
    bytes_add(&out, text, size);
    bytes_add(&out, "\r\n", 2);
}

static void send_resp(const char *event, size_t length) {
    bytes_printf(&out, "*%d\r\n", word_count);
    for (int i = 0; i < word_count; i++)
        add_word(words[i], event, length);
}

/* Return the size of the reply at the beginning of `text`, 0 while it is not whole.
 * good: set to false for an error, and for the refusal {0, code, message} of livefeed's scripts. */
static size_t reply_size(const char *text, size_t length, bool *good) {
    const char *end = memmem(text, length, "\r\n", 2);
    if (!end)
        return 0;
    size_t size = end + 2 - text;
    long count = atol(text + 1);
    if (*text == '-')
        *good = false;
    if (*text == '$' && count >= 0)
        size += count + 2;
    if (*text == '*') {
        for (long i = 0; i < count; i++) {
            if (size >= length)
                return 0;
            if (i == 0 && count == 3 && length - size >= 3 && !memcmp(text + size, ":0\r", 3))
                *good = false;
            size_t part = reply_size(text + size, length - size, good);
            if (!part)
                return 0;
            size += part;
        }
    }
    return size <= length ? size : 0;
}

static void take_resp(void) {
    bool good = true;
    for (size_t size; bytes_left(&in) && (size = reply_size(bytes_begin(&in), bytes_left(&in), &good)); good = true) {
        if (!good && !publish_errors++)
            fprintf(stderr, "load: the store refused: %.*s\n", (int)(size < 200 ? size : 200), bytes_begin(&in));
        publish_answers += good;
        bytes_consume(&in, size);
    }
}

/* ---- http ---- */

static void send_http(const char *event, size_t length) {
    bytes_printf(&out, "POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n", path);
    bytes_printf(&out, "Content-Length: %zu\r\n\r\n", length);
    bytes_add(&out, event, length);
}

/* Status lines are enough: bodies are short and hold none. */
static void take_http(void) {
    const char *line;
    while ((line = memmem(bytes_begin(&in), bytes_left(&in), "HTTP/1.", 7))) {
        size_t before = line - bytes_begin(&in);
        if (bytes_left(&in) - before < 12)
            return;
        if (line[9] == '2')
            publish_answers++;
        else if (!publish_errors++)
            fprintf(stderr, "load: publishing was refused: %.12s\n", line);
        bytes_consume(&in, before + 12);
    }
    if (bytes_left(&in) > 8) /* keep what may be the beginning of the next one */
        bytes_consume(&in, bytes_left(&in) - 8);
}

/* ---- nats, line, ws: nothing is answered ---- */

static void send_nats(const char *event, size_t length) {
    bytes_printf(&out, "PUB feed %zu\r\n", length);
    bytes_add(&out, event, length);
    bytes_add(&out, "\r\n", 2);
}

static void take_nats(void) {
    if (memmem(bytes_begin(&in), bytes_left(&in), "-ERR", 4) && !publish_errors++)
        fprintf(stderr, "load: NATS refused: %.*s\n", (int)bytes_left(&in), bytes_begin(&in));
    if (memmem(bytes_begin(&in), bytes_left(&in), "PING\r\n", 6)) {
        bytes_printf(&out, "PONG\r\n");
        flush(&connection, &out);
    }
    bytes_consume(&in, bytes_left(&in));
}

static void send_line(const char *event, size_t length) {
    bytes_add(&out, event, length);
    bytes_add(&out, "\n", 1);
}

static void send_ws(const char *event, size_t length) { frame_add(&out, 1, event, length); }

static void take_nothing(void) { bytes_consume(&in, bytes_left(&in)); }

/* ---- the connection ---- */

static void ready(struct watcher *watcher, uint32_t events) {
    static char buffer[65536];
    if (events & EPOLLOUT && !flush(watcher, &out))
        give_up("the publisher's connection broke: %s", strerror(errno));
    if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
        return;
    ssize_t count = recv(watcher->descriptor, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0)
        give_up("the publisher's connection was ended: %s", count ? strerror(errno) : "by the server");
    bytes_add(&in, buffer, count);
    take_answers();
}

static void wait_until_connected(void) {
    struct pollfd waiting = {connection.descriptor, POLLOUT, 0};
    int error = 0;
    socklen_t size = sizeof error;
    poll(&waiting, 1, 5000);
    getsockopt(connection.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error || !(waiting.revents & POLLOUT))
        give_up("the publisher cannot connect: %s", strerror(error ? error : ETIMEDOUT));
}

static void upgrade(void) {
    char answer[4096];
    size_t length = 0;
    upgrade_request(&out, &address, path, "");
    flush(&connection, &out);
    while (!memmem(answer, length, "\r\n\r\n", 4)) {
        struct pollfd waiting = {connection.descriptor, POLLIN, 0};
        if (poll(&waiting, 1, 5000) != 1)
            give_up("the publisher's WebSocket was not opened");
        ssize_t count = recv(connection.descriptor, answer + length, 1, 0);
        if (count != 1 || ++length == sizeof answer)
            give_up("the publisher's WebSocket was refused");
    }
    if (memcmp(answer + 9, "101", 3))
        give_up("the publisher's WebSocket was refused: %.12s", answer);
}

void publisher_event_bytes(int event_bytes) {
    if (event_bytes < 100 || event_bytes > MAX_EVENT)
        give_up("events have 100 to %d bytes", MAX_EVENT);
    event_size = event_bytes;
}

void publisher_open(const char *kind, const char *place, const char *text, int event_bytes) {
    publisher_event_bytes(event_bytes);
    char *rest = text ? strdup(text) : NULL;
    for (char *word; rest && *rest && (word = strsep(&rest, "\n"));) {
        if (word_count == MAX_WORDS)
            give_up("a command of more than %d words", MAX_WORDS);
        words[word_count++] = word;
    }
    address = address_of(place, &path);
    path = strdup(path);
    connection.descriptor = connect_to(&address, 0);
    connection.ready = ready;
    wait_until_connected();
    if (!strcmp(kind, "resp"))
        send_event = send_resp, take_answers = take_resp;
    else if (!strcmp(kind, "http"))
        send_event = send_http, take_answers = take_http;
    else if (!strcmp(kind, "nats"))
        send_event = send_nats, take_answers = take_nats;
    else if (!strcmp(kind, "line"))
        send_event = send_line, take_answers = take_nothing;
    else if (!strcmp(kind, "ws"))
        send_event = send_ws, take_answers = take_nothing;
    else
        give_up("there is no publisher '%s'; there are resp, http, nats, line and ws", kind);
    if (send_event == send_ws)
        upgrade();
    if (send_event == send_nats)
        bytes_printf(&out, "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n");
    flush(&connection, &out);
}

void publish(uint64_t number) {
    static char event[MAX_EVENT + 64];
    send_event(event, write_event(event, number));
    published++;
    if (!flush(&connection, &out))
        give_up("the publisher's connection broke: %s", strerror(errno));
}

size_t publisher_backlog(void) { return bytes_left(&out); }
