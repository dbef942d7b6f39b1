/* watch: people who watch pictures being made. Prints one line of JSON.
 * Options: docs/benchmarks.md, "The load client".
 *
 * Each follows feed:all, and the topic of every picture from when its card comes, as the page does; MessagePack, so
 * previews come along. Told are the times at which each client had each card, preview, end and post. It ends when
 * everybody has the posts of so many pictures. */
#define _GNU_SOURCE
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "process.h"

enum { ID = 22, MOST_SIGHTS = 4096 };
enum kind { CARD, PREVIEW, COMPLETED, POST, KINDS };

static const char *const TYPES[] = {"generation.created", "generation.preview", "generation.completed", "post.created"};
static const char TOPIC[] = "generation:";

/* Something that all clients are to see; at_us: by client, 0 for not seen. */
struct sight {
    char id[ID + 1];
    enum kind kind;
    int step;
    uint64_t *at_us;
};

static struct {
    int clients, pictures;
    double pace, timeout_s;
    const char *ready;
    struct processes processes;
} asked = {.clients = 1000, .pictures = 5, .pace = 400, .timeout_s = 120};

static struct sight sights[MOST_SIGHTS];
static int count_sights;
static uint64_t posts_seen, errors;
static double began_s;
static const char *ended = "";

/* MessagePack: {"op": "subscribe", "ref": 1, "topics": {topic: {}}} */
static void subscribe(struct client *client, const char *topic, size_t length) {
    static const char HEAD[] = "\x83\xa2op\xa9subscribe\xa3ref\x01\xa6topics\x81\xd9";
    struct bytes frame = {0};
    char size = (char)length;
    bytes_add(&frame, HEAD, sizeof HEAD - 1);
    bytes_add(&frame, &size, 1);
    bytes_add(&frame, topic, length);
    bytes_add(&frame, "\x80", 1);
    client_send(client, true, bytes_begin(&frame), bytes_left(&frame));
    free(frame.data);
}

static void opened(struct client *client) { subscribe(client, "feed:all", 8); }

/* Note that a client has something; return whether it had not. */
static bool note(struct client *client, const char *id, enum kind kind, int step, uint64_t at_us) {
    struct sight *sight = NULL;
    for (int i = count_sights - 1; i >= 0 && !sight; i--)
        if (sights[i].kind == kind && sights[i].step == step && !memcmp(sights[i].id, id, ID))
            sight = &sights[i];
    if (!sight) {
        if (count_sights == MOST_SIGHTS)
            give_up("more than %d cards, previews, ends and posts", MOST_SIGHTS);
        sight = &sights[count_sights++];
        memcpy(sight->id, id, ID);
        sight->kind = kind;
        sight->step = step;
        sight->at_us = calloc(asked.clients, sizeof *sight->at_us);
        if (!sight->at_us)
            give_up("out of memory");
    }
    bool first = !sight->at_us[client->number];
    if (first)
        sight->at_us[client->number] = at_us;
    return first;
}

/* The number behind the first key `step` at or after `text`; -1 if there is none. */
static int step_after(const char *text, const char *end) {
    const unsigned char *found = memmem(text, end - text, "\xa4step", 5);
    if (!found || (const char *)found + 7 > end)
        return -1;
    return found[5] < 128 ? found[5] : found[5] == 0xcc ? found[6] : -1;
}

/* The id in the first name of a generation's topic; NULL if there is none. */
static const char *generation_in(const char *text, const char *end) {
    while ((text = memmem(text, end - text, TOPIC, sizeof TOPIC - 1))) {
        text += sizeof TOPIC - 1;
        if (end - text < ID)
            return NULL;
        int length = 0;
        while (length < ID && isalnum((unsigned char)text[length]))
            length++;
        if (length == ID)
            return text;
    }
    return NULL;
}

/* One message is one frame of one topic. A frame of the feed may tell of several pictures. */
static void received(struct client *client, const struct message *message) {
    const char *text = message->payload, *end = text + message->length;
    if (!client->ready && memmem(text, end - text, "subscribed", 10))
        client_ready(client);
    if (message->length < 1024 && memmem(text, end - text, "\xa5" "error", 6) && !errors++)
        fprintf(stderr, "load: an error in a frame of %zu bytes\n", message->length);
    const char *preview = memmem(text, end - text, TYPES[PREVIEW], strlen(TYPES[PREVIEW]));
    if (preview) {
        const char *id = generation_in(text, end);
        int step = step_after(preview, end);
        if (id && step >= 0)
            note(client, id, PREVIEW, step, message->at_us);
        return;
    }
    for (const char *at = text; (at = memmem(at, end - at, TYPES[CARD], strlen(TYPES[CARD])));) {
        at += strlen(TYPES[CARD]);
        const char *id = generation_in(at, end);
        if (id && note(client, id, CARD, 0, message->at_us))
            subscribe(client, id - (sizeof TOPIC - 1), sizeof TOPIC - 1 + ID);
    }
    if (memmem(text, end - text, TYPES[COMPLETED], strlen(TYPES[COMPLETED]))) {
        const char *id = generation_in(text, end);
        if (id)
            note(client, id, COMPLETED, 0, message->at_us);
        return;
    }
    for (const char *at = text; (at = memmem(at, end - at, TYPES[POST], strlen(TYPES[POST])));) {
        at += strlen(TYPES[POST]);
        const char *post = memmem(at, end - at, "\xa4post", 5);
        const char *id = post ? memmem(post, end - post, "\xa2id\xb6", 4) : NULL;
        if (id && end - id >= 4 + ID && note(client, id + 4, POST, 0, message->at_us))
            posts_seen++;
    }
}

static bool go_on(void) {
    if (now_s() - began_s > asked.timeout_s)
        ended = "timeout";
    else if (crowd.failed || crowd.closed || crowd.broken)
        ended = "a client was turned away";
    return !*ended;
}

static void print_sights(void) {
    for (int i = 0; i < count_sights; i++) {
        printf("%s{\"id\": \"%s\", \"type\": \"%s\", \"step\": %d, \"at_us\": [", i ? ", " : "", sights[i].id,
               TYPES[sights[i].kind], sights[i].step);
        for (int client = 0; client < asked.clients; client++)
            printf(client ? ",%lu" : "%lu", sights[i].at_us[client]);
        printf("]}");
    }
}

static const struct option OPTIONS[] = {
    {"url", 1, 0, 'u'},   {"protocol", 1, 0, 's'}, {"clients", 1, 0, 'n'},   {"pictures", 1, 0, 'c'}, {"pace", 1, 0, 'p'},
    {"ready", 1, 0, 'r'}, {"timeout", 1, 0, 't'},  {"processes", 1, 0, 'I'}, {0, 0, 0, 0}};

static void take_option(int letter, const char *value) {
    switch (letter) {
    case 'u': crowd.address = address_of(value, &crowd.path); break;
    case 's': crowd.protocol = value; break;
    case 'n': asked.clients = atoi(value); break;
    case 'c': asked.pictures = atoi(value); break;
    case 'p': asked.pace = atof(value); break;
    case 'r': asked.ready = value; break;
    case 't': asked.timeout_s = atof(value); break;
    case 'I': asked.processes = processes_of(value); break;
    default: give_up("see docs/benchmarks.md for the options");
    }
}

int main(int count, char **words) {
    for (int letter; (letter = getopt_long(count, words, "", OPTIONS, NULL)) != -1;)
        take_option(letter, optarg);
    if (!crowd.path || !asked.ready)
        give_up("--url or --ready is missing");
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
    FILE *ready = fopen(asked.ready, "w"); /* whoever waits for it reads at the end why it went wrong, if it did */
    if (!ready)
        give_up("%s cannot be written", asked.ready);
    fclose(ready);
    uint64_t before = crowd.bytes;
    struct cost cost = cost_of(&asked.processes);
    while (posts_seen < (uint64_t)asked.clients * asked.pictures && go_on())
        loop_turn(20);
    printf("{\"clients\": %d, \"ready\": %lu, \"failed\": %lu, \"closed\": %lu, \"broken\": %lu, \"ended\": \"%s\", "
           "\"complaint\": \"%s\", \"errors\": %lu, \"bytes_each\": %.1f, \"cpu_s\": %.3f, \"own_cpu_s\": %.3f, "
           "\"sights\": [",
           asked.clients, crowd.ready, crowd.failed, crowd.closed, crowd.broken, ended, crowd.complaint, errors,
           (double)(crowd.bytes - before) / asked.clients / asked.pictures,
           cost_of(&asked.processes).cpu_s - cost.cpu_s, own_cpu_s());
    print_sights();
    printf("]}\n");
    return 0;
}
