"""YouTube in tables: what its key is worth, its addresses, its probes."""

from monitor.core.checkup import Checkup
from monitor.core.first_looks import MOST_LOOKS
from monitor.core.model import Url
from monitor.core.pacific import quota_reset
from monitor.core.ports import Request
from monitor.core.provider import Way, shapes
from monitor.providers._google_keys import Api, reading

_API = Api(
    title="YouTube Data API v3",
    service="youtube.googleapis.com",
    works=(
        "It works. Google does not tell what is left of its quota (10,000 a day unless you asked"
        " for more; 50 videos cost 1; whole again at midnight in California)."
    ),
    whole_at=quota_reset,
)

CHECKUPS = {
    "youtube": Checkup(
        # The first video of all costs 1 of 10,000 units: determine_quota_cost of the reference.
        asks=Request(
            url=Url("https://youtube.googleapis.com/youtube/v3/videos?part=id&id=jNQXAC9IVRw"),
            read=65_536,
            credential="youtube",
        ),
        read=reading(_API),
        better=(
            "50 videos in one call instead of one each, also where YouTube takes this machine for"
            " a robot, and durations, countries and embedding of every one."
        ),
        get=(
            "Make an API key for the YouTube Data API v3 at"
            " console.cloud.google.com/apis/credentials and put it into YOUTUBE_API_KEY, or into"
            " GOOGLE_API_KEY for both of Google's services."
        ),
    )
}

SHAPES = shapes(
    {
        "video": (
            "https://www.youtube.com/watch?v=0bMe_vCZo30&t=90",
            "https://www.youtube.com/watch?v=0bMe_vCZo30&list=PLLHTzKZzVU9eaEyErdV26ikyolxOsz6mq",
            "https://m.youtube.com/watch?v=0bMe_vCZo30",
            "https://music.youtube.com/watch?v=0bMe_vCZo30",
            "https://youtu.be/0bMe_vCZo30?t=90",
            "https://y2u.be/0bMe_vCZo30",
            "https://www.youtube.com/embed/0bMe_vCZo30",
            "https://www.youtube-nocookie.com/embed/0bMe_vCZo30",
            "https://www.youtube.com/shorts/0bMe_vCZo30",
            "https://www.youtube.com/live/0bMe_vCZo30",
            "https://www.youtube.com/v/0bMe_vCZo30",
            "https://www.youtube.com/e/0bMe_vCZo30",
            "https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3D0bMe_vCZo30",
            "https://consent.youtube.com/m?continue=https%3A%2F%2Fyoutu.be%2F0bMe_vCZo30",
        ),
        "thumbnail": (
            "https://i.ytimg.com/vi/0bMe_vCZo30/hqdefault.jpg",
            "https://i.ytimg.com/vi_webp/0bMe_vCZo30/maxresdefault.webp",
            "https://img.youtube.com/vi/0bMe_vCZo30/0.jpg",
        ),
        "playlist": (
            "https://www.youtube.com/playlist?list=PLLHTzKZzVU9eaEyErdV26ikyolxOsz6mq",
            "https://www.youtube.com/watch?list=PLLHTzKZzVU9eaEyErdV26ikyolxOsz6mq",
            "https://www.youtube.com/embed/videoseries?list=PLLHTzKZzVU9eaEyErdV26ikyolxOsz6mq",
            "https://music.youtube.com/browse/VLPLLHTzKZzVU9eaEyErdV26ikyolxOsz6mq",
        ),
        "album": ("https://music.youtube.com/browse/MPREb_Example",),
        "channel": (
            "https://www.youtube.com/channel/UCW0z1e8WMvRZuTa5UJV7CWA",
            "https://www.youtube.com/@teacher",
            "https://www.youtube.com/c/teacher",
            "https://www.youtube.com/user/teacher",
            "https://www.youtube.com/teacher",
            "https://www.youtube.com/embed/live_stream?channel=UCW0z1e8WMvRZuTa5UJV7CWA",
            "https://music.youtube.com/browse/UCW0z1e8WMvRZuTa5UJV7CWA",
        ),
        "clip": ("https://www.youtube.com/clip/UgkxExample",),
        "redirect": ("https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.org%2F",),
        "truncated": ("https://www.youtube.com/watch?v=0bMe",),
    }
)

_UNIT = "One of the key's 10,000 units a day for up to 50"

WAYS = {
    "api": Way(
        about="The Data API: whether videos are there, and all about them.",
        cost=f"{_UNIT} videos.",
    ),
    "api_playlists": Way(
        about="The Data API: whether playlists are there, and which of their videos are dead.",
        cost=f"{_UNIT} playlists, and up to 8 more for the videos of each.",
    ),
    "api_channels": Way(
        about="The Data API: whether channels are there.",
        cost=f"{_UNIT} channels by id; handles and user names one each.",
    ),
    "oembed": Way(
        about="What YouTube tells sites that embed a video: there, private, or gone.",
        cost="One small request a video or playlist, without a key.",
    ),
    "watch": Way(
        about="The watch page itself, at first sight: whether the video plays, and how long it is.",
        cost=(
            "One request, of about a megabyte (at most 2 MiB are read), after all else was asked."
            f" Without a key only, of at most {MOST_LOOKS} videos a run, and of each until its"
            " length is known."
        ),
    ),
    "ytdlp": Way(
        about="yt-dlp reads the metadata, nothing else: why a video does not play, how long it is.",
        cost="One or two requests a video; only where the cheaper ways leave a question.",
    ),
    "feed": Way(
        about="The feed of a channel's newest videos.",
        cost="One small request a channel, without a key.",
    ),
    "page": Way(
        about="The page itself, for what no other way tells of: playlists, channels, clips.",
        cost="One request, at most 2 MiB of it read.",
    ),
    "picture": Way(
        about="A picture of a video: whether it is there.",
        cost="One request; the picture itself is not read.",
    ),
    "other_picture": Way(
        about="The size of the picture that every video has, where the one linked is missing.",
        cost="One request more; the picture itself is not read.",
    ),
}
