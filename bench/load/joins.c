/* joins: many who look at one topic and its count, and some more who come. Prints one line of JSON.
 * Options: docs/benchmarks.md, "The load client".
 *
 * When the crowd stands, the file `ready` is made, and `go` is waited for. Then, one rate of `rates` after the other, so
 * many a second join it; told is what the crowd was sent of presence meanwhile, from one second after a change of the
 * rate on. Those who join are not counted among the crowd: what they ask for themselves is theirs. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crowd.h"
#include "process.h"

enum { MOST_RATES = 8 };

static struct {
    int clients, count_rates;
    double rates[MOST_RATES], pace, seconds, timeout_s;
    const char *topic, *ready, *go;
    struct processes processes;
} asked = {.clients = 10000, .pace = 1500, .seconds = 10, .timeout_s = 200};

static uint64_t frames_of_presence, bytes_of_presence, errors, last_count;
static double began_s;
static const char *ended = "";

static void opened(struct client *client) {
    struct bytes text = {0};
    bytes_printf(&text, "{\"op\":\"subscribe\",\"ref\":1,\"topics\":{\"%s\":{\"presence\":\"count\"}}}", asked.topic);
    client_send(client, false, bytes_begin(&text), bytes_left(&text));
    free(text.data);
}

static void received(struct client *client, const struct message *message) {
    const char *text = message->payload, *end = text + message->length;
    if (memmem(text, end - text, "\"op\":\"subscribed\"", 17)) {
        if (memmem(text, end - text, "\"error\"", 7))
            errors++;
        client_ready(client);
    } else if (memmem(text, end - text, "\"op\":\"presence\"", 15) && client->number < (uint32_t)asked.clients) {
        frames_of_presence++;
        bytes_of_presence += message->length + 2;
        const char *count = memmem(text, end - text, "\"count\":", 8);
        if (count)
            last_count = strtoul(count + 8, NULL, 10);
    }
}

static bool go_on(void) {
    if (now_s() - began_s > asked.timeout_s)
        ended = "timeout";
    else if (crowd.failed || crowd.closed || crowd.broken)
        ended = "a client was turned away";
    return !*ended;
}

/* Let so many a second come for so long. */
static void come(double per_s, double seconds) {
    double since = now_s();
    uint32_t first = crowd.started;
    while (now_s() < since + seconds && go_on()) {
        while (crowd.started < crowd.count && crowd.started - first < (now_s() - since) * per_s)
            crowd_connect_one(&crowd.clients[crowd.started++]);
        loop_turn(1);
    }
}

static void wait_for(const char *path) {
    while (access(path, F_OK) && go_on())
        loop_turn(5);
}

static const struct option OPTIONS[] = {
    {"url", 1, 0, 'u'},     {"protocol", 1, 0, 's'}, {"clients", 1, 0, 'n'},   {"topic", 1, 0, 'T'},
    {"rates", 1, 0, 'R'},   {"pace", 1, 0, 'p'},     {"seconds", 1, 0, 'S'},   {"ready", 1, 0, 'r'},
    {"go", 1, 0, 'g'},      {"timeout", 1, 0, 't'},  {"processes", 1, 0, 'I'}, {0, 0, 0, 0}};

static void take_rates(const char *value) {
    char *copy = strdup(value), *rest = NULL;
    for (char *word = strtok_r(copy, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        if (asked.count_rates == MOST_RATES)
            give_up("more than %d rates", MOST_RATES);
        asked.rates[asked.count_rates++] = atof(word);
    }
    free(copy);
}

static void take_option(int letter, const char *value) {
    switch (letter) {
    case 'u': crowd.address = address_of(value, &crowd.path); break;
    case 's': crowd.protocol = value; break;
    case 'n': asked.clients = atoi(value); break;
    case 'T': asked.topic = value; break;
    case 'R': take_rates(value); break;
    case 'p': asked.pace = atof(value); break;
    case 'S': asked.seconds = atof(value); break;
    case 'r': asked.ready = value; break;
    case 'g': asked.go = value; break;
    case 'I': asked.processes = processes_of(value); break;
    case 't': asked.timeout_s = atof(value); break;
    default: give_up("see docs/benchmarks.md for the options");
    }
}

static void gather(void) {
    double more = 0;
    for (int i = 0; i < asked.count_rates; i++)
        more += asked.rates[i] * (asked.seconds + 1) + 1;
    crowd_gather(asked.clients + (uint32_t)more);
    while (crowd.ready < (uint64_t)asked.clients && go_on()) {
        crowd_connect(asked.clients, began_s, asked.pace);
        loop_turn(1);
    }
}

int main(int count, char **words) {
    for (int letter; (letter = getopt_long(count, words, "", OPTIONS, NULL)) != -1;)
        take_option(letter, optarg);
    if (!crowd.path || !asked.topic || !asked.ready || !asked.go)
        give_up("--url, --topic, --ready or --go is missing");
    raise_limits();
    loop_open();
    crowd.opened = opened;
    crowd.received = received;
    began_s = now_s();
    gather();
    uint64_t stood = crowd.ready;
    FILE *ready = fopen(asked.ready, "w"); /* whoever waits for it reads at the end why it went wrong, if it did */
    if (!ready)
        give_up("%s cannot be written", asked.ready);
    fclose(ready);
    wait_for(asked.go);
    struct bytes phases = {0};
    for (int i = 0; i < asked.count_rates && go_on(); i++) {
        come(asked.rates[i], 1);
        uint64_t frames = frames_of_presence, bytes = bytes_of_presence, joined = crowd.ready;
        struct cost before = cost_of(&asked.processes);
        come(asked.rates[i], asked.seconds);
        bytes_printf(&phases,
                     "%s{\"per_s\": %g, \"joined\": %lu, \"frames\": %lu, \"bytes\": %lu, \"count\": %lu, \"cpu_s\": %.3f}",
                     i ? ", " : "", asked.rates[i], crowd.ready - joined, frames_of_presence - frames,
                     bytes_of_presence - bytes, last_count, cost_of(&asked.processes).cpu_s - before.cpu_s);
    }
    bytes_add(&phases, "", 1);
    printf("{\"clients\": %d, \"ready\": %lu, \"failed\": %lu, \"closed\": %lu, \"broken\": %lu, \"ended\": \"%s\", "
           "\"complaint\": \"%s\", \"errors\": %lu, \"seconds\": %g, \"phases\": [%s]}\n",
           asked.clients, stood, crowd.failed, crowd.closed, crowd.broken, ended, crowd.complaint, errors,
           asked.seconds, phases.data);
    return 0;
}
