import { expect, test } from "vitest";
import { mergedNews, newsPath, newsSentence, withPicture } from "../live/news-words";
import type { Notification } from "../live/protocol";
import { generation, post, user } from "./made";

let time = 100;
function notice(
  kind: Notification["kind"],
  who: readonly string[],
  more: Partial<Notification> = {},
): Notification {
  const actors = who.map((handle) => ({ ...user(handle), handle }));
  time -= 1;
  return { id: `${kind}.${time}`, kind, time, unread: false, actors, people: actors.length, ...more };
}

function said(...news: Notification[]): readonly string[] {
  return mergedNews(news).map((line) => newsSentence(line));
}

test.each([
  [["ann"], 1, "ann likes your picture"],
  [["ann", "bob"], 2, "ann and bob like your picture"],
  [["ann", "bob", "cy"], 3, "ann, bob and cy like your picture"],
  [["ann", "bob", "cy"], 1204, "ann, bob and 1,202 more like your picture"],
])("%j of %i", (who, people, sentence) => {
  expect(said(notice("reaction", who, { post: "p", people }))).toEqual([sentence]);
});

test("those who follow one after the other are one line, and so are comments on one picture", () => {
  expect(
    said(
      notice("follow", ["ann"]),
      notice("follow", ["bob"]),
      notice("comment", ["ann"], { post: "p" }),
      notice("comment", ["bob"], { post: "p" }),
      notice("comment", ["bob"], { post: "q" }),
    ),
  ).toEqual([
    "ann and bob follow you",
    "ann and bob commented on your picture",
    "bob commented on your picture",
  ]);
});

test("finished variations of one room are one line, which tells how many", () => {
  const made = (room: string, state = "completed"): Notification =>
    notice("generation", [], { generation: `${room}${time}`, room, state });
  expect(said(made("r"), made("r"), made("r"), made("s"), made("s", "failed"), made("s"))).toEqual([
    "3 of your variations are finished",
    "Your variation is finished",
    "Your picture was stopped",
    "Your variation is finished",
  ]);
});

test("what is new stands apart from what is not, so that reading moves nothing", () => {
  const [fresh, read] = [notice("follow", ["ann"]), notice("follow", ["bob"])];
  expect(mergedNews([fresh, read], new Set([fresh.id]))).toHaveLength(2);
});

test("a picture of mine leads to what became of it", () => {
  const news = notice("generation", [], { generation: "g", state: "completed" });
  const [bare] = mergedNews([news]);
  expect(newsPath(bare!)).toBeNull();
  const [posted] = mergedNews([withPicture(news, generation("g", { post: "g" }))]);
  expect([newsPath(posted!), newsSentence(posted!)]).toEqual(["/post/g", "Your picture is up"]);
  const [kept] = mergedNews([withPicture(news, generation("g", { media: post("g").media }))]);
  expect([newsPath(kept!), newsSentence(kept!)]).toEqual(["/picture/g", "Your picture is finished"]);
});
