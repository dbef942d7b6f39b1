/* cursors: people in one room who all move their cursors. Prints one line of JSON.
 * Options: docs/benchmarks.md, "The load client".
 *
 * Each signs in with a token of its own, asks for the room's roster, and sends its cursor so many times a second, all
 * evenly over each period. A cursor's y is the time at which it was sent, of a clock that goes round every 100 seconds;
 * how old cursors are when they are seen is told of the first clients. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "histogram.h"
#include "process.h"

enum { ROUND_MS = 100000, LOOKING = 20 };

static struct {
    int clients;
    double per_s, pace, seconds, warm, timeout_s;
    const char *topic;
    struct processes processes;
} asked = {.clients = 500, .per_s = 10, .pace = 200, .seconds = 5, .warm = 2, .timeout_s = 120};

static char **tokens;
static struct histogram age;
static uint64_t sent, errors, frames_of_signals, bytes_of_signals, cursors, own;
static double began_s;
static bool counts;
static const char *ended = "";

static uint64_t clock_ms(void) { return now_us() / 1000 % ROUND_MS; }

static void opened(struct client *client) {
    struct bytes text = {0};
    bytes_printf(&text,
                 "[{\"op\":\"auth\",\"ref\":0,\"token\":\"%s\"},"
                 "{\"op\":\"subscribe\",\"ref\":1,\"topics\":{\"%s\":{\"presence\":\"roster\"}}}]",
                 tokens[client->number], asked.topic);
    client_send(client, false, bytes_begin(&text), bytes_left(&text));
    free(text.data);
}

/* Each cursor in a frame tells when it was sent. */
static void read_ages(const char *text, const char *end) {
    static const char MARK[] = "\"y\":";
    uint64_t now_ms = clock_ms();
    while ((text = memmem(text, end - text, MARK, sizeof MARK - 1))) {
        text += sizeof MARK - 1;
        uint64_t sent_ms = (uint64_t)(strtod(text, NULL) * ROUND_MS + 0.5);
        histogram_add(&age, (now_ms + ROUND_MS - sent_ms) % ROUND_MS * 1000);
        cursors++;
    }
}

static void received(struct client *client, const struct message *message) {
    const char *text = message->payload, *end = text + message->length;
    if (!client->ready && memmem(text, end - text, "\"op\":\"subscribed\"", 17))
        client_ready(client);
    if (memmem(text, end - text < 200 ? end - text : 200, "\"error\"", 7) && !errors++)
        fprintf(stderr, "load: an error: %.*s\n", (int)(end - text < 300 ? end - text : 300), text);
    if (!counts || !memmem(text, end - text < 40 ? end - text : 40, "\"op\":\"signals\"", 14))
        return;
    frames_of_signals++;
    bytes_of_signals += message->length;
    if (client->number < LOOKING) {
        read_ages(text, end);
        char mark[32];
        snprintf(mark, sizeof mark, "\"x\":0.%06u,", client->number + 1);
        own += memmem(text, end - text, mark, strlen(mark)) != NULL;
    }
}

static void point(struct client *client) {
    char text[256];
    int length = snprintf(text, sizeof text,
                          "{\"op\":\"signal\",\"topic\":\"%s\",\"type\":\"cursor\",\"data\":"
                          "{\"x\":0.%06u,\"y\":%.5f,\"tool\":\"brush\",\"down\":false}}",
                          asked.topic, client->number + 1, clock_ms() / (double)ROUND_MS);
    sent++;
    client_send(client, false, text, length);
}

static bool go_on(void) {
    if (now_s() - began_s > asked.timeout_s)
        ended = "timeout";
    else if (crowd.failed || crowd.closed || crowd.broken)
        ended = "a client was turned away";
    return !*ended;
}

static void move_all(double seconds) {
    double since = now_s(), between_s = 1 / (asked.per_s * asked.clients);
    for (uint64_t turn = 0; now_s() < since + seconds && go_on();) {
        while (now_s() >= since + turn * between_s) {
            point(&crowd.clients[turn++ % asked.clients]);
            if (turn % 64 == 0)
                loop_turn(0);
        }
        loop_turn(1);
    }
}

static void read_tokens(const char *path) {
    char *text = file_text(path);
    tokens = calloc(asked.clients, sizeof *tokens);
    for (int i = 0; i < asked.clients; i++) {
        tokens[i] = strsep(&text, "\n");
        if (!text)
            give_up("%s has fewer than %d tokens", path, asked.clients);
    }
}

static const struct option OPTIONS[] = {
    {"url", 1, 0, 'u'},     {"protocol", 1, 0, 's'}, {"clients", 1, 0, 'n'}, {"tokens", 1, 0, 'k'},
    {"topic", 1, 0, 'T'},   {"per-s", 1, 0, 'R'},    {"pace", 1, 0, 'p'},    {"seconds", 1, 0, 'S'},
    {"warm", 1, 0, 'w'},    {"timeout", 1, 0, 't'},  {"processes", 1, 0, 'I'}, {0, 0, 0, 0}};

static void take_option(int letter, const char *value) {
    static const char *path;
    switch (letter) {
    case 'u': crowd.address = address_of(value, &crowd.path); break;
    case 's': crowd.protocol = value; break;
    case 'n': asked.clients = atoi(value); break;
    case 'k': path = value; break;
    case 'T': asked.topic = value; break;
    case 'R': asked.per_s = atof(value); break;
    case 'p': asked.pace = atof(value); break;
    case 'S': asked.seconds = atof(value); break;
    case 'w': asked.warm = atof(value); break;
    case 'I': asked.processes = processes_of(value); break;
    case 't': asked.timeout_s = atof(value); break;
    case 0: if (path) read_tokens(path); break;
    default: give_up("see docs/benchmarks.md for the options");
    }
}

int main(int count, char **words) {
    for (int letter; (letter = getopt_long(count, words, "", OPTIONS, NULL)) != -1;)
        take_option(letter, optarg);
    take_option(0, NULL);
    if (!crowd.path || !asked.topic || !tokens)
        give_up("--url, --topic or --tokens is missing");
    raise_limits();
    loop_open();
    crowd.opened = opened;
    crowd.received = received;
    crowd_gather(asked.clients);
    began_s = now_s();
    while (crowd.ready < (uint64_t)asked.clients && go_on()) {
        crowd_connect(asked.clients, began_s, asked.pace);
        loop_turn(1);
    }
    move_all(asked.warm);
    sent = 0;
    counts = true;
    struct cost before = cost_of(&asked.processes);
    uint64_t since_us = now_us();
    double since = now_s(), own_before_s = own_cpu_s();
    move_all(asked.seconds);
    double wall_s = now_s() - since;
    printf("{\"clients\": %d, \"ready\": %lu, \"failed\": %lu, \"closed\": %lu, \"broken\": %lu, \"ended\": \"%s\", "
           "\"complaint\": \"%s\", \"errors\": %lu, \"sent_per_s\": %.1f, \"since_s\": %.3f, \"until_s\": %.3f, "
           "\"core_percent\": %.2f, \"own_percent\": %.2f, \"frames_each_s\": %.2f, \"bytes_each_s\": %.1f, "
           "\"cursors_each_s\": %.1f, \"own\": %lu, \"age_ms\": ",
           asked.clients, crowd.ready, crowd.failed, crowd.closed, crowd.broken, ended, crowd.complaint, errors,
           sent / wall_s, since_us / 1e6, now_us() / 1e6, 100 * (cost_of(&asked.processes).cpu_s - before.cpu_s) / wall_s,
           100 * (own_cpu_s() - own_before_s) / wall_s, frames_of_signals / wall_s / asked.clients,
           bytes_of_signals / wall_s / asked.clients,
           cursors / wall_s / (asked.clients < LOOKING ? asked.clients : LOOKING), own);
    histogram_print(&age);
    printf("}\n");
    return 0;
}
