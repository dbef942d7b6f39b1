/* resume: clients that come back after many events. Prints one line of JSON.
 * Options: docs/benchmarks.md, "The load client".
 *
 * A first client takes a position and leaves; the events are published; then clients resume from there, so many at a
 * time. Each must get every event once, in order, with no gap: the events carry consecutive numbers, their ids must
 * rise, and every `from` must be the `to` before it. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "histogram.h"
#include "process.h"
#include "publisher.h"

enum { POSITION = 40, FIRST_EVENTS = 10, IN_FLIGHT = 500 };

struct reader {
    double asked_s;
    uint64_t next;           /* the number of the event that must come next */
    unsigned long ms, n;     /* the last event's id */
    char at[POSITION];       /* where the topic's frames stand */
    bool done;
};

static struct {
    const char *topic, *publish_to, *words;
    int clients, at_once, events, event_bytes;
    double timeout_s;
    struct processes processes;
} asked = {.topic = "app:bench", .clients = 100, .at_once = 1, .events = 10000, .event_bytes = 200, .timeout_s = 120};

static char since[POSITION];
static struct histogram caught_up;
static uint64_t gaps, wrong, frames_of_events;
static int finished;
static double began_s;
static const char *ended = "";

/* Copy the text between the quotes behind `name`, and return what follows it; NULL if there is none. */
static const char *quoted(const char *text, const char *end, const char *name, char *into) {
    const char *start = memmem(text, end - text, name, strlen(name));
    if (!start)
        return NULL;
    start += strlen(name);
    const char *stop = memchr(start, '"', end - start);
    if (!stop || stop - start >= POSITION)
        return NULL;
    memcpy(into, start, stop - start);
    into[stop - start] = 0;
    return stop;
}

static void note_wrong(const char *what, const char *text, size_t length) {
    if (!wrong++)
        fprintf(stderr, "load: %s: %.*s\n", what, (int)(length < 300 ? length : 300), text);
}

/* Check the events of one frame, which ends where the next one begins. */
static void check_events(struct reader *reader, const char *text, const char *end) {
    static const char NUMBER[] = "\"data\":{\"id\":";
    char id[POSITION];
    while ((text = quoted(text, end, "\"id\":\"", id))) {
        unsigned long ms = 0, n = 0;
        if (sscanf(id, "%lu-%lu", &ms, &n) != 2 || ms < reader->ms || (ms == reader->ms && n <= reader->n))
            note_wrong("ids do not rise", id, strlen(id));
        reader->ms = ms;
        reader->n = n;
        const char *number = memmem(text, end - text, NUMBER, sizeof NUMBER - 1);
        uint64_t found = number ? strtoull(number + sizeof NUMBER - 1, NULL, 10) : 0;
        if (found != reader->next)
            note_wrong("an event is missing or came twice", text, end - text);
        reader->next = found + 1;
    }
}

static void check_frame(struct reader *reader, const char *text, const char *end) {
    char from[POSITION], to[POSITION];
    if (memmem(text, end - text, "\"op\":\"gap\"", 10) || memmem(text, end - text, "\"resumed\":false", 15))
        gaps++;
    if (memmem(text, end - text, "\"op\":\"subscribed\"", 17) && !quoted(text, end, "\"at\":\"", reader->at))
        note_wrong("the subscription was refused", text, end - text);
    if (!memmem(text, end - text, "\"op\":\"events\"", 13))
        return;
    frames_of_events++;
    if (!quoted(text, end, "\"from\":\"", from) || !quoted(text, end, "\"to\":\"", to) || strcmp(from, reader->at))
        note_wrong("a frame does not begin where the last one ended", text, end - text);
    strcpy(reader->at, to);
    check_events(reader, text, end);
}

static void received(struct client *client, const struct message *message) {
    struct reader *reader = client->own;
    const char *text = message->payload, *end = text + message->length;
    while (text) { /* a message may hold several frames */
        const char *next = memmem(text + 1, end - text - 1, "{\"op\":\"", 7);
        check_frame(reader, text, next ? next : end);
        text = next;
    }
    if (client->number == 0 && *reader->at && !*since)
        strcpy(since, reader->at);
    if (client->number && !reader->done && reader->next == (uint64_t)FIRST_EVENTS + asked.events) {
        reader->done = true;
        finished++;
        histogram_add(&caught_up, (uint64_t)((now_s() - reader->asked_s) * 1e6));
        client_close(client);
    }
}

static void opened(struct client *client) {
    struct reader *reader = client->own = calloc(1, sizeof *reader);
    char text[512];
    int size;
    reader->next = FIRST_EVENTS;
    if (client->number == 0)
        size = snprintf(text, sizeof text, "{\"op\":\"subscribe\",\"ref\":1,\"topics\":{\"%s\":{}}}", asked.topic);
    else
        size = snprintf(text, sizeof text, "{\"op\":\"subscribe\",\"ref\":1,\"topics\":{\"%s\":{\"since\":\"%s\"}}}",
                        asked.topic, since);
    reader->asked_s = now_s();
    client_send(client, false, text, size);
}

static bool go_on(void) {
    if (now_s() - began_s > asked.timeout_s)
        ended = "timeout";
    else if (crowd.failed || crowd.closed || crowd.broken)
        ended = "a client was turned away";
    return !*ended;
}

static void publish_events(uint64_t first, int count) {
    uint64_t answered_before = publish_answers, sent = 0;
    while (publish_answers - answered_before < (uint64_t)count && !publish_errors && go_on()) {
        while (sent < (uint64_t)count && sent < publish_answers - answered_before + IN_FLIGHT)
            publish(first + sent++);
        loop_turn(5);
    }
}

static void resume_all(void) {
    int started = 0;
    while (finished < asked.clients && go_on()) {
        while (started < asked.clients && started < finished + asked.at_once)
            crowd_connect_one(&crowd.clients[++started]);
        loop_turn(5);
    }
}

static const struct option OPTIONS[] = {
    {"url", 1, 0, 'u'},       {"protocol", 1, 0, 's'},   {"topic", 1, 0, 'o'},  {"publish-to", 1, 0, 'T'},
    {"words", 1, 0, 'w'},     {"clients", 1, 0, 'n'},    {"at-once", 1, 0, 'a'}, {"events", 1, 0, 'e'},
    {"event-bytes", 1, 0, 'b'}, {"processes", 1, 0, 'I'}, {"timeout", 1, 0, 't'}, {0, 0, 0, 0}};

static void take_option(int letter, const char *value) {
    switch (letter) {
    case 'u': crowd.address = address_of(value, &crowd.path); break;
    case 's': crowd.protocol = value; break;
    case 'o': asked.topic = value; break;
    case 'T': asked.publish_to = value; break;
    case 'w': asked.words = file_text(value); break;
    case 'n': asked.clients = atoi(value); break;
    case 'a': asked.at_once = atoi(value); break;
    case 'e': asked.events = atoi(value); break;
    case 'b': asked.event_bytes = atoi(value); break;
    case 'I': asked.processes = processes_of(value); break;
    case 't': asked.timeout_s = atof(value); break;
    default: give_up("see docs/benchmarks.md for the options");
    }
}

int main(int count, char **words) {
    for (int letter; (letter = getopt_long(count, words, "", OPTIONS, NULL)) != -1;)
        take_option(letter, optarg);
    if (!crowd.path || !asked.publish_to || !asked.words)
        give_up("--url, --publish-to and --words are missing");
    raise_limits();
    loop_open();
    crowd.opened = opened;
    crowd.received = received;
    crowd_gather(asked.clients + 1);
    publisher_open("resp", asked.publish_to, asked.words, asked.event_bytes);
    began_s = now_s();
    publish_events(0, FIRST_EVENTS);
    crowd_connect_one(&crowd.clients[0]);
    /* The server may still be on its way to the first events: they come to this client, and move it. */
    for (double until = now_s() + 1; now_s() < until && go_on();)
        loop_turn(5);
    if (crowd.clients[0].own)
        strcpy(since, ((struct reader *)crowd.clients[0].own)->at);
    client_close(&crowd.clients[0]);
    publish_events(FIRST_EVENTS, asked.events);
    wrong = gaps = frames_of_events = 0;
    struct cost before = cost_of(&asked.processes);
    double since_s = now_s();
    resume_all();
    double wall_s = now_s() - since_s;
    printf("{\"clients\": %d, \"ready\": %d, \"failed\": %lu, \"closed\": %lu, \"broken\": %lu, "
           "\"publish_errors\": %lu, \"ended\": \"%s\", \"complaint\": \"%s\", \"gaps\": %lu, \"wrong\": %lu, "
           "\"frames\": %lu, \"wall_s\": %.3f, \"cpu_s\": %.4f, \"latency_ms\": ",
           asked.clients, finished, crowd.failed, crowd.closed, crowd.broken, publish_errors, ended, crowd.complaint,
           gaps, wrong, frames_of_events, wall_s, cost_of(&asked.processes).cpu_s - before.cpu_s);
    histogram_print(&caught_up);
    printf("}\n");
    return 0;
}
