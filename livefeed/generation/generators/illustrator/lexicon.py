"""What words mean to the illustrator, other than the names of pictures: places, hours, weather, colours, counts."""

from __future__ import annotations

from .pixels import Colour


def table(text: str) -> dict[str, str]:
    """Read lines of `meaning: word word ...` into word -> meaning; `_` joins the words of one term."""
    meanings: dict[str, str] = {}
    for row in text.strip().splitlines():
        meaning, words = row.split(":", 1)
        for word in words.split():
            meanings.setdefault(word.replace("_", " "), meaning.strip())
    return meanings


PLACES = table("""
snow: on_the_ice on_ice frozen snow snowy snowfield tundra arctic antarctica ice_field glacier winter
snow: blizzard schnee winter neige hiver nieve invierno neve inverno снег снегу зима зимой 雪 冬 눈 겨울
underwater: underwater undersea seabed reef coral_reef deep_sea ocean_floor bottom_of_the_sea
underwater: under_the_sea under_water beneath_the_waves aquarium unterwasser 海底 水中
sea: sea ocean waves wave surf surfing atlantic pacific meer ozean mer océan mar océano oceano море океан
sea: 海 바다
beach: beach shore seaside coast strand plage playa spiaggia praia пляж пляже 海岸 浜 沙滩
lake: lake river pond lagoon canal fjord harbour harbor port see fluss lac rivière lago río fiume озеро
lake: река 湖 川 河 호수
forest: forest woods wood woodland jungle grove rainforest taiga wald forêt bosque selva foresta bosco
forest: floresta лес лесу 森 森林 林 숲
city: city town downtown street skyline metropolis cityscape alley rooftop rooftops stadt ville
city: ciudad città cidade город городе 都市 街 城市 町 도시
moon: on_the_moon lunar moonscape moon_surface sulla_luna auf_dem_mond sur_la_lune en_la_luna na_lua
moon: на_луне луне 月面
space: space cosmos galaxy universe orbit outer_space nebula cosmic interstellar weltraum weltall espace
space: espacio spazio espaço космос космосе 宇宙 우주 太空
library: library bookshop bookstore bookshelf bookshelves study bibliothek bibliothèque biblioteca
library: библиотека 図書館 图书馆
room: indoors inside room bedroom living_room house_interior kitchen cafe café office studio attic parlour
room: parlor bar restaurant hall zimmer küche chambre cuisine habitación cocina stanza cucina quarto
room: комната 部屋 房间 방
table: table still_life desk counter tablecloth windowsill tisch nature_morte mesa tavolo стол 卓 桌子
meadow: meadow field grass garden park lawn pasture prairie farm flowers_field wiese garten prairie jardin
meadow: pré pradera jardín prato giardino campo jardim луг сад 草原 庭 花园
hills: village hills hill valley countryside hillside moor highlands hügel collines colinas colline холмы 丘
mountains: mountains mountain peak peaks alps summit cliff himalaya berge berg montagne montagnes montaña
mountains: montañas montagna montagne montanha горы горах гора 山 산
desert: desert dunes dune sahara sand oasis canyon wüste désert desierto deserto пустыня 砂漠 沙漠 사막
clouds: clouds sky in_the_sky above_the_clouds heaven himmel ciel cielo céu небо 空 天空 雲
""")

HOURS = table("""
night: night midnight nighttime nocturnal starry stars moonlit moonlight nacht nuit noche notte noite ночь ночью
night: 夜 밤 晚上 dark darkness
sunset: sunset golden_hour evening sundown abend sonnenuntergang soir coucher_de_soleil atardecer tramonto
sunset: pôr_do_sol закат 夕焼け 夕方 日落
dawn: dawn sunrise morning daybreak early morgen aube matin amanecer alba amanhecer рассвет утро 朝 日出
dusk: dusk twilight gloaming dämmerung crépuscule crepúsculo сумерки 黄昏
day: day daylight noon sunny midday bright daytime tag jour día giorno dia день 昼
""")

WEATHER = table("""
snow: snow snowing snowfall snowstorm blizzard snowflakes snowy schnee neige nieve neve снег снегу 雪 눈
rain: rain raining rainy drizzle downpour monsoon regen pluie lluvia pioggia chuva дождь 雨 비
storm: storm stormy thunder thunderstorm lightning tempest hurricane sturm orage tormenta tempesta
storm: tempestade гроза 嵐
fog: fog foggy mist misty haze hazy nebel brouillard niebla nebbia névoa туман 霧 안개
wind: wind windy breeze breezy gale gust wind vent viento vento ветер 風 바람
stars: stars starry starlight sterne étoiles estrellas stelle estrelas звёзды звезды 星 星空 별
aurora: aurora northern_lights borealis
rainbow: rainbow
petals: petals blossoms cherry_blossoms sakura
leaves: autumn fall leaves autumnal herbst automne otoño autunno outono осень 秋
fireflies: fireflies firefly magic magical enchanted fairy_lights sparkles glowing
""")

LAMPS = table("""
moon: moon moonlit moonlight mond lune luna lua луна 月 달 moons full_moon
crescent: crescent crescent_moon
sun: sun suns sunlit sonne soleil sol sole солнце 太陽
lantern: lantern lanterns lamplight lamp candlelight candlelit lamplit candle
neon: neon cyberpunk synthwave vaporwave
window: window windows windowlight
""")

# Words of the sky that are drawn there and are no subjects.
CELESTIAL = {
    "moon",
    "moons",
    "sun",
    "suns",
    "full moon",
    "crescent",
    "crescent moon",
    "star",
    "stars",
    "cloud",
    "clouds",
}

COLOURS: dict[str, Colour] = {
    "red": (0.86, 0.13, 0.11), "crimson": (0.72, 0.05, 0.16), "scarlet": (0.90, 0.16, 0.08),
    "orange": (0.96, 0.50, 0.10),
    "yellow": (0.98, 0.82, 0.16), "golden": (0.92, 0.70, 0.20), "gold": (0.92, 0.70, 0.20),
    "green": (0.20, 0.66, 0.28),
    "emerald": (0.06, 0.58, 0.40), "teal": (0.06, 0.55, 0.56), "turquoise": (0.16, 0.74, 0.72),
    "cyan": (0.15, 0.76, 0.86),
    "blue": (0.13, 0.36, 0.86), "azure": (0.20, 0.56, 0.92), "navy": (0.10, 0.16, 0.44),
    "indigo": (0.28, 0.18, 0.62),
    "purple": (0.52, 0.20, 0.72), "violet": (0.54, 0.30, 0.82), "lilac": (0.74, 0.58, 0.86),
    "magenta": (0.86, 0.14, 0.60),
    "pink": (0.97, 0.52, 0.68), "coral": (0.98, 0.46, 0.38), "rose": (0.92, 0.42, 0.52),
    "brown": (0.46, 0.28, 0.16),
    "beige": (0.86, 0.77, 0.62), "black": (0.10, 0.10, 0.13), "white": (0.96, 0.96, 0.96),
    "grey": (0.55, 0.56, 0.58),
    "gray": (0.55, 0.56, 0.58), "silver": (0.75, 0.77, 0.80), "copper": (0.74, 0.42, 0.24),
    "jade": (0.20, 0.62, 0.46),
    "ruby": (0.76, 0.06, 0.22), "amber": (0.96, 0.64, 0.14), "ivory": (0.96, 0.93, 0.84),
    "rot": (0.86, 0.13, 0.11), "rouge": (0.86, 0.13, 0.11), "rojo": (0.86, 0.13, 0.11),
    "rosso": (0.86, 0.13, 0.11),
    "blau": (0.13, 0.36, 0.86), "bleu": (0.13, 0.36, 0.86), "azul": (0.13, 0.36, 0.86),
    "blu": (0.13, 0.36, 0.86),
    "grün": (0.20, 0.66, 0.28), "vert": (0.20, 0.66, 0.28), "verde": (0.20, 0.66, 0.28),
    "schwarz": (0.10, 0.10, 0.13),
    "noir": (0.10, 0.10, 0.13), "negro": (0.10, 0.10, 0.13), "nero": (0.10, 0.10, 0.13),
    "weiß": (0.96, 0.96, 0.96),
    "blanc": (0.96, 0.96, 0.96), "blanco": (0.96, 0.96, 0.96), "bianco": (0.96, 0.96, 0.96),
}  # fmt: skip

# What cities and other places "of coral", "of glass" are made of.
MATERIALS: dict[str, Colour] = {
    "glass": (0.55, 0.80, 0.86), "ice": (0.70, 0.86, 0.96), "stone": (0.60, 0.58, 0.54),
    "sand": (0.88, 0.74, 0.50),
    "gold": (0.92, 0.70, 0.24), "paper": (0.93, 0.89, 0.80), "candy": (0.97, 0.58, 0.74),
    "brick": (0.70, 0.34, 0.26),
    "crystal": (0.70, 0.62, 0.92), "chocolate": (0.42, 0.26, 0.18), "marble": (0.90, 0.89, 0.88),
    "steel": (0.52, 0.58, 0.66),
}  # fmt: skip

COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "dozen": 12,
    "pair": 2, "couple": 2, "both": 2, "several": 4, "some": 3, "few": 3, "many": 7, "herd": 6, "flock": 7,
    "group": 5,
    "family": 3, "bunch": 6, "crowd": 8, "bouquet": 11, "twin": 2, "hundred": 12, "thousand": 12, "zwei": 2,
    "drei": 3,
    "deux": 2, "trois": 3, "dos": 2, "tres": 3, "due": 2, "tre": 3, "dois": 2, "два": 2, "три": 3,
}  # fmt: skip

SIZES = {
    "tiny": 0.6, "small": 0.75, "little": 0.75, "baby": 0.75, "miniature": 0.6, "big": 1.2, "large": 1.2,
    "huge": 1.35,
    "giant": 1.45, "gigantic": 1.5, "enormous": 1.45, "great": 1.2, "colossal": 1.5, "tall": 1.25,
}  # fmt: skip

# How a following noun stands to the first: verbs and prepositions.
RELATIONS = table("""
with: with
held: playing holding carrying strumming eating drinking waving painting using catching juggling selling
held: offering sipping fishing
read: reading studying
ridden: riding on driving piloting aboard atop upon sailing in inside
worn: wearing
above: under beneath below sharing
below: over above
beside: beside near by next and alongside behind before facing watching chasing meeting against around
beside: between among
""")
FLYING = frozenset("flying flies floating hovering soaring levitating gliding".split())

MOODS: dict[str, tuple[float, float, float]] = {  # hue, saturation, value: what abstract paintings lean to
    "melancholy": (0.61, 0.45, 0.55), "sad": (0.60, 0.45, 0.5), "sadness": (0.60, 0.45, 0.5),
    "grief": (0.64, 0.35, 0.4),
    "lonely": (0.58, 0.4, 0.5), "loneliness": (0.58, 0.4, 0.5), "joy": (0.12, 0.8, 0.95),
    "happy": (0.13, 0.8, 0.95),
    "happiness": (0.12, 0.8, 0.95), "love": (0.97, 0.65, 0.9), "anger": (0.01, 0.85, 0.8),
    "rage": (0.99, 0.9, 0.75),
    "fear": (0.75, 0.5, 0.35), "hope": (0.30, 0.5, 0.85), "calm": (0.50, 0.4, 0.8),
    "peace": (0.48, 0.35, 0.85),
    "silence": (0.58, 0.2, 0.75), "quiet": (0.55, 0.25, 0.75), "dream": (0.76, 0.5, 0.8),
    "dreams": (0.76, 0.5, 0.8),
    "nostalgia": (0.08, 0.5, 0.75), "memory": (0.09, 0.4, 0.75), "jealousy": (0.33, 0.7, 0.5),
    "energy": (0.06, 0.9, 0.95),
    "chaos": (0.02, 0.8, 0.8), "music": (0.83, 0.6, 0.8), "jazz": (0.08, 0.75, 0.8),
    "blues": (0.61, 0.7, 0.6),
    "time": (0.11, 0.35, 0.7), "infinity": (0.70, 0.6, 0.5), "summer": (0.14, 0.75, 0.95),
    "spring": (0.28, 0.55, 0.9),
}  # fmt: skip

# English words that show a prompt is English, so that other languages' nouns ("pain", "gift") stay out of it.
ENGLISH = frozenset("a an the of in on at with and by under over her his its their my from into through after".split())

# Pictures whose names are mostly something else in a prompt.
NOT_NOUNS = frozenset(
    "cooking pick link label mate seat sweet present mean time light dark deep old new open wing eye link lit "
    "tag see fall spring pen clamp knot mask key cap charm rich high low long short fresh cool "
    "的 中 人 子 大 小 上 下 と の".split()
)
