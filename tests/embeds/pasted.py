"""Pasted HTML of each provider, in the forms that its own embed code has or had."""

from __future__ import annotations

from typing import NamedTuple


class Pasted(NamedTuple):
    """Some HTML and the card it must become: empty fields must be empty."""

    html: str
    provider: str
    genre: str = "post"
    url: str = ""
    author: str = ""
    handle: str = ""
    date: str = ""
    captured: bool = True


TWEET = "https://twitter.com/citylibrary/status/844986372811014144"
POSTS = {
    "twitter": Pasted(
        '<blockquote class="twitter-tweet" data-lang="en"><p lang="en" dir="ltr">The reading rooms are '
        'open until ten.<br>Thank you to <a href="https://twitter.com/guildhall">@guildhall</a><br><br>'
        '<a href="https://twitter.com/hashtag/vigil?src=hash">#vigil</a> '
        '<a href="https://t.co/a1b2">https://t.co/a1b2</a></p>&mdash; The City Library (@citylibrary) '
        f'<a href="{TWEET}?ref_src=twsrc%5Etfw">March 23, 2017</a></blockquote>\n'
        '<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>',
        "twitter",
        url=TWEET,
        author="The City Library",
        handle="@citylibrary",
        date="2017-03-23T18:57:05Z",
    ),
    "twitter as a newspaper keeps it": Pasted(
        '<blockquote class="nojs-tweet"><p lang="uk">\u041c\u0438 \u0442\u0443\u0442</p>\u2014 '
        f'\u041c\u0456\u0441\u0442\u043e (@misto) <a href="{TWEET}">'
        "23 \u0431\u0435\u0440\u0435\u0437\u043d\u044f 2017</a>"
        "</blockquote>",
        "twitter",
        url=TWEET,
        author="\u041c\u0456\u0441\u0442\u043e",
        handle="@misto",
        date="2017-03-23T18:57:05Z",
    ),
    "twitter without a paragraph of its own": Pasted(
        '<blockquote class="twitter-tweet">Doors open at nine &mdash; for all. &mdash; The City '
        'Library (@citylibrary) <a href="http://twitter.com/citylibrary/statuses/20">'
        "March 21, 2006</a></blockquote>",
        "twitter",
        url="https://twitter.com/citylibrary/status/20",
        author="The City Library",
        handle="@citylibrary",
        date="2006-03-21",
    ),
    "x": Pasted(
        '<blockquote class="twitter-tweet"><p>Closed today.</p>&mdash; The City Library (@citylibrary) '
        '<a href="https://x.com/citylibrary/status/1820436642806591998">August 5, 2024</a></blockquote>',
        "x",
        url="https://x.com/citylibrary/status/1820436642806591998",
        author="The City Library",
        handle="@citylibrary",
        date="2024-08-05T13:28:12+01:00",
    ),
    "twitter with nothing but a link": Pasted(
        f'<blockquote class="twitter-tweet"><a href="{TWEET}"></a></blockquote>',
        "twitter",
        url=TWEET,
        handle="@citylibrary",
        date="2017-03-23T18:57:05Z",
        captured=False,
    ),
    "twitter with a name of dashes and brackets": Pasted(
        '<blockquote class="twitter-tweet"><p>Doors open at nine.</p>&mdash; The Library \u2014 (City) '
        f'(@citylibrary) <a href="{TWEET}">March 23, 2017</a></blockquote>',
        "twitter",
        url=TWEET,
        author="The Library \u2014 (City)",
        handle="@citylibrary",
        date="2017-03-23T18:57:05Z",
    ),
    **{
        f"twitter as a script left it: {name}": Pasted(
            html,
            "twitter",
            url="https://twitter.com/i/status/844986372811014144",
            date="2017-03-23T18:57:05Z",
            captured=False,
        )
        for name, html in {
            "element": '<twitter-widget class="twitter-tweet twitter-tweet-rendered" data-tweet-id='
            '"844986372811014144"></twitter-widget>',
            "frame": '<iframe class="twitter-tweet twitter-tweet-rendered" title="Embedded Tweet" '
            'data-tweet-id="844986372811014144"></iframe>',
            "frame with an address": '<div class="twitter-tweet twitter-tweet-rendered"><iframe title='
            '"Twitter Tweet" src="https://platform.twitter.com/embed/index.html?dnt=false&amp;id='
            '844986372811014144&amp;lang=en" data-tweet-id="844986372811014144"></iframe></div>',
        }.items()
    },
    "twitter on an AMP page, with the post in place of itself": Pasted(
        '<amp-twitter width="486" data-tweetid="844986372811014144"><blockquote placeholder class='
        '"twitter-tweet"><p>The bells rang.</p>&mdash; The City Library (@citylibrary) '
        f'<a href="{TWEET}">March 23, 2017</a></blockquote></amp-twitter>',
        "twitter",
        url=TWEET,
        author="The City Library",
        handle="@citylibrary",
        date="2017-03-23T18:57:05Z",
    ),
    "twitter on an AMP page, with words while it loads": Pasted(
        '<amp-twitter width="486" data-tweetid="844986372811014144"><div placeholder><p>Loading</p></div>'
        "<div fallback>It might have been deleted.</div></amp-twitter>",
        "twitter",
        url="https://twitter.com/i/status/844986372811014144",
        date="2017-03-23T18:57:05Z",
        captured=False,
    ),
    "instagram from right to left": Pasted(
        '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/'
        'BSAHrJBhIdx/"><p>\u0645\u0646\u0634\u0648\u0631 \u200f\u0627\u0644\u0645\u0643\u062a\u0628\u0629'
        "\u200f (@\u200fcitylibrary\u200f)</p></blockquote>",
        "instagram",
        url="https://www.instagram.com/p/BSAHrJBhIdx/",
        handle="@citylibrary",
        date="2017-03-24T01:08:24Z",
        captured=False,
    ),
    "facebook in another language": Pasted(
        '<div class="fb-post" data-href="https://www.facebook.com/citylibrary/posts/123"><blockquote cite='
        '"https://www.facebook.com/citylibrary/posts/123" class="fb-xfbml-parse-ignore">Gepostet von '
        '<a href="https://www.facebook.com/citylibrary/">Bibliothek</a> am&nbsp;<a href='
        '"https://www.facebook.com/citylibrary/posts/123">Donnerstag, 23. M\u00e4rz 2017</a>'
        "</blockquote></div>",
        "facebook",
        url="https://www.facebook.com/citylibrary/posts/123",
        captured=False,
    ),
    "facebook without a day": Pasted(
        '<div class="fb-post" data-href="https://www.facebook.com/citylibrary/posts/123"><div class='
        '"fb-xfbml-parse-ignore"><a href="https://www.facebook.com/citylibrary/posts/123">Post</a> by '
        '<a href="https://www.facebook.com/citylibrary">The City Library</a>.</div></div>',
        "facebook",
        url="https://www.facebook.com/citylibrary/posts/123",
        captured=False,
    ),
    "bluesky without a link": Pasted(
        '<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:z72i7/app.bsky.feed.post/'
        '3kfrgsv4bgc2p"></blockquote>',
        "bluesky",
        url="https://bsky.app/profile/did:plc:z72i7/post/3kfrgsv4bgc2p",
        date="2023-12-05T03:54:40Z",
        captured=False,
    ),
    "twitter on an AMP page": Pasted(
        '<amp-twitter width="375" height="472" layout="responsive" data-tweetid="844986372811014144">'
        "</amp-twitter>",
        "twitter",
        url="https://twitter.com/i/status/844986372811014144",
        date="2017-03-23T18:57:05Z",
        captured=False,
    ),
    "twitter in a frame": Pasted(
        '<iframe title="X Post" src="https://platform.twitter.com/embed/Tweet.html?dnt=false&amp;'
        'id=844986372811014144&amp;lang=en"></iframe>',
        "twitter",
        url="https://twitter.com/i/status/844986372811014144",
        date="2017-03-23T18:57:05Z",
        captured=False,
    ),
    "instagram": Pasted(
        '<blockquote class="instagram-media" data-instgrm-captioned data-instgrm-permalink='
        '"https://www.instagram.com/p/BSAHrJBhIdx/?utm_source=ig_embed&amp;utm_campaign=loading" '
        'data-instgrm-version="14" style="background:#FFF"><div style="padding:16px"><a href='
        '"https://www.instagram.com/p/BSAHrJBhIdx/?utm_source=ig_embed" target="_blank"><div>'
        '<svg width="50px" height="50px"><g><path d="M1,1"></path></g></svg></div><div>View this post '
        'on Instagram</div></a><p><a href="https://www.instagram.com/p/BSAHrJBhIdx/?utm_source='
        'ig_embed">A post shared by The City Library (@citylibrary)</a></p></div></blockquote>'
        '<script async src="//www.instagram.com/embed.js"></script>',
        "instagram",
        url="https://www.instagram.com/p/BSAHrJBhIdx/",
        author="The City Library",
        handle="@citylibrary",
        date="2017-03-24T01:08:24Z",
        captured=False,
    ),
    "instagram with its caption": Pasted(
        '<blockquote class="instagram-media" data-instgrm-version="7"><div><p><a href='
        '"https://www.instagram.com/p/BSAHrJBhIdx/">Candles on the steps, an hour after the bells of the '
        "square had stopped</a></p><p>A post shared by The City Library (@citylibrary) on <time "
        'datetime="2017-03-23T19:30:00+00:00">Mar 23, 2017 at 12:30pm PDT</time></p></div></blockquote>',
        "instagram",
        url="https://www.instagram.com/p/BSAHrJBhIdx/",
        author="The City Library",
        handle="@citylibrary",
        date="2017-03-23T19:30:00Z",
    ),
    "instagram in another language": Pasted(
        '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/reel/'
        'BSAHrJBhIdx/"><a href="https://www.instagram.com/reel/BSAHrJBhIdx/">Sieh dir diesen Beitrag '
        "auf Instagram an</a><p>Ein Beitrag geteilt von Bibliothek (@citylibrary)</p></blockquote>",
        "instagram",
        "video",
        url="https://www.instagram.com/reel/BSAHrJBhIdx/",
        handle="@citylibrary",
        date="2017-03-24T01:08:24Z",
        captured=False,
    ),
    "instagram on an AMP page": Pasted(
        '<amp-instagram data-shortcode="BSAHrJBhIdx" data-captioned width="1" height="1">'
        "</amp-instagram>",
        "instagram",
        url="https://www.instagram.com/p/BSAHrJBhIdx/",
        date="2017-03-24T01:08:24Z",
        captured=False,
    ),
    "facebook": Pasted(
        '<div id="fb-root"></div><script async defer src="https://connect.facebook.net/en_GB/sdk.js">'
        '</script><div class="fb-post" data-href="https://www.facebook.com/citylibrary/posts/123" '
        'data-width="500"><blockquote cite="https://www.facebook.com/citylibrary/posts/123" '
        'class="fb-xfbml-parse-ignore"><p>The reading rooms are open.</p>Posted by <a href='
        '"https://www.facebook.com/citylibrary/">The City Library</a> on&nbsp;<a href='
        '"https://www.facebook.com/citylibrary/posts/123">Thursday, 23 March 2017</a></blockquote></div>',
        "facebook",
        url="https://www.facebook.com/citylibrary/posts/123",
        author="The City Library",
        date="2017-03-23",
    ),
    "facebook video": Pasted(
        '<div class="fb-video" data-href="https://www.facebook.com/citylibrary/videos/456/"><blockquote '
        'cite="https://www.facebook.com/citylibrary/videos/456/" class="fb-xfbml-parse-ignore"><a href='
        '"https://www.facebook.com/citylibrary/videos/456/">Bells</a><p>The bells at six.</p>Posted by '
        '<a href="https://facebook.com/citylibrary">The City Library</a> on Friday, March 24, 2017'
        "</blockquote></div>",
        "facebook",
        "video",
        url="https://www.facebook.com/citylibrary/videos/456/",
        author="The City Library",
        date="2017-03-24",
    ),
    "facebook in a frame": Pasted(
        '<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com'
        '%2Fcitylibrary%2Fposts%2F123&width=500"></iframe>',
        "facebook",
        url="https://www.facebook.com/citylibrary/posts/123",
        captured=False,
    ),
    "facebook video in a frame": Pasted(
        '<iframe src="https://www.facebook.com/plugins/video.php?height=314&href=https%3A%2F%2F'
        'www.facebook.com%2Fcitylibrary%2Fvideos%2F456%2F&show_text=0"></iframe>',
        "facebook",
        "video",
        url="https://www.facebook.com/citylibrary/videos/456/",
        captured=False,
    ),
    "facebook on an AMP page": Pasted(
        '<amp-facebook data-href="https://www.facebook.com/citylibrary/posts/123"></amp-facebook>',
        "facebook",
        url="https://www.facebook.com/citylibrary/posts/123",
        captured=False,
    ),
    "tiktok": Pasted(
        '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@citylibrary/video/'
        '6943753342808034566" data-video-id="6943753342808034566" style="max-width: 605px"><section>'
        '<a target="_blank" title="@citylibrary" href="https://www.tiktok.com/@citylibrary?refer=embed">'
        '@citylibrary</a> How a globe is dusted <a title="maps" href="https://www.tiktok.com/tag/maps">'
        '#maps</a> <a target="_blank" title="sound" href="https://www.tiktok.com/music/s-1">\u266c '
        "original sound - City Library</a></section></blockquote>"
        '<script async src="https://www.tiktok.com/embed.js"></script>',
        "tiktok",
        "video",
        url="https://www.tiktok.com/@citylibrary/video/6943753342808034566",
        handle="@citylibrary",
        date="2021-03-26T00:29:20Z",
    ),
    "tiktok in a frame": Pasted(
        '<iframe src="https://www.tiktok.com/embed/v2/6943753342808034566?lang=en"></iframe>',
        "tiktok",
        "video",
        url="https://www.tiktok.com/embed/v2/6943753342808034566",
        date="2021-03-26T00:29:20Z",
        captured=False,
    ),
    "threads": Pasted(
        '<blockquote class="text-post-media" data-text-post-permalink="https://www.threads.net/'
        '@citylibrary/post/Cuw1" data-text-post-version="0" id="ig-tp-Cuw1"><a href='
        '"https://www.threads.net/@citylibrary/post/Cuw1" target="_blank"><div><div><svg></svg></div>'
        "<div>Post by @citylibrary</div><div>View on Threads</div></div></a></blockquote>"
        '<script async src="https://www.threads.net/embed.js"></script>',
        "threads",
        url="https://www.threads.net/@citylibrary/post/Cuw1",
        handle="@citylibrary",
        captured=False,
    ),
    "bluesky": Pasted(
        '<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:z72i7/app.bsky.feed.post/'
        '3kfrgsv4bgc2p" data-bluesky-cid="bafy"><p lang="en">New shelves.<br><br><a href="https://'
        'bsky.app/profile/did:plc:z72i7/post/3kfrgsv4bgc2p?ref_src=embed">[image or embed]</a></p>'
        '&mdash; The City Library (<a href="https://bsky.app/profile/did:plc:z72i7?ref_src=embed">'
        '@citylibrary.bsky.social</a>) <a href="https://bsky.app/profile/did:plc:z72i7/post/'
        '3kfrgsv4bgc2p?ref_src=embed">December 5, 2023 at 3:54 AM</a></blockquote><script async '
        'src="https://embed.bsky.app/static/embed.js" charset="utf-8"></script>',
        "bluesky",
        url="https://bsky.app/profile/did:plc:z72i7/post/3kfrgsv4bgc2p",
        author="The City Library",
        handle="@citylibrary.bsky.social",
        date="2023-12-05T03:54:40Z",
    ),
    "bluesky in a frame": Pasted(
        '<iframe src="https://embed.bsky.app/embed/did:plc:z72i7/app.bsky.feed.post/3kfrgsv4bgc2p">'
        "</iframe>",
        "bluesky",
        url="https://bsky.app/profile/did:plc:z72i7/post/3kfrgsv4bgc2p",
        date="2023-12-05T03:54:40Z",
        captured=False,
    ),
    "mastodon": Pasted(
        '<blockquote class="mastodon-embed" data-embed-url="https://mastodon.example/@citylibrary/'
        '109999999999999999/embed" style="background: #FCF8FF"><a href="https://mastodon.example/'
        '@citylibrary/109999999999999999" target="_blank"><svg></svg><div>Post by '
        "@citylibrary@mastodon.example</div><div>View on Mastodon</div></a></blockquote>"
        '<script data-allowed-prefixes="https://mastodon.example/" async src='
        '"https://mastodon.example/embed.js"></script>',
        "mastodon",
        url="https://mastodon.example/@citylibrary/109999999999999999",
        handle="@citylibrary@mastodon.example",
        date="2023-03-10T16:46:36Z",
        captured=False,
    ),
    "mastodon in a frame": Pasted(
        '<iframe src="https://mastodon.example/@citylibrary/109999999999999999/embed" '
        'class="mastodon-embed" allowfullscreen></iframe>',
        "mastodon",
        url="https://mastodon.example/@citylibrary/109999999999999999",
        handle="@citylibrary@mastodon.example",
        date="2023-03-10T16:46:36Z",
        captured=False,
    ),
    "reddit": Pasted(
        '<blockquote class="reddit-embed-bq"><a href="https://www.reddit.com/r/libraries/comments/'
        '1abc/shelves/">New shelves</a><br> by <a href="https://www.reddit.com/user/citylibrary/">'
        'u/citylibrary</a> in <a href="https://www.reddit.com/r/libraries/">libraries</a></blockquote>',
        "reddit",
        url="https://www.reddit.com/r/libraries/comments/1abc/shelves/",
    ),
    "telegram": Pasted(
        '<script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post='
        '"citylibrary/34"></script>',
        "telegram",
        url="https://t.me/citylibrary/34",
        handle="@citylibrary",
        captured=False,
    ),
}


def _frame(address: str, more: str = "") -> str:
    return f'<iframe width="560" height="315" src="{address}" {more} allowfullscreen></iframe>'


_VIDEO = "https://www.youtube.com/watch?v=a_b-c1D2e3F"
PLAYERS = {
    **{
        f"youtube: {address}": Pasted(
            _frame(address, 'title="The bells at six"'), "youtube", "video", url, captured=False
        )
        for address, url in {
            "https://www.youtube.com/embed/a_b-c1D2e3F": _VIDEO,
            "https://www.youtube-nocookie.com/embed/a_b-c1D2e3F?rel=0": _VIDEO,
            "//www.youtube.com/embed/a_b-c1D2e3F?feature=oembed": _VIDEO,
            "https://m.youtube.com/watch?v=a_b-c1D2e3F": _VIDEO,
            "https://youtu.be/a_b-c1D2e3F?si=x1": _VIDEO,
            "https://www.youtube.com/shorts/a_b-c1D2e3F": _VIDEO,
            "https://www.youtube.com/live/a_b-c1D2e3F": _VIDEO,
            "https://www.youtube.com/v/a_b-c1D2e3F?version=3": _VIDEO,
            "https://www.youtube.com/embed/a_b-c1D2e3F?start=90": f"{_VIDEO}&t=90s",
            "https://www.youtube.com/embed/videoseries?list=PL123": (
                "https://www.youtube.com/playlist?list=PL123"
            ),
            "https://www.youtube.com/embed/live_stream?channel=UC12": (
                "https://www.youtube.com/channel/UC12/live"
            ),
        }.items()
    },
    "youtube on an AMP page": Pasted(
        '<amp-youtube data-videoid="a_b-c1D2e3F" layout="responsive"></amp-youtube>',
        "youtube", "video", _VIDEO, captured=False,
    ),
    "youtube behind a lazy loader": Pasted(
        '<iframe src="about:blank" data-src="https://www.youtube.com/embed/a_b-c1D2e3F"></iframe>',
        "youtube", "video", _VIDEO, captured=False,
    ),
    "youtube as an object": Pasted(
        '<object width="1" data="https://www.youtube.com/v/a_b-c1D2e3F"><param name="movie" value='
        '"https://www.youtube.com/v/a_b-c1D2e3F"><embed src="https://www.youtube.com/v/a_b-c1D2e3F">'
        "</object>",
        "youtube", "video", _VIDEO, captured=False,
    ),
    "youtube behind a lazy loader of divisions": Pasted(
        '<div class="rll-youtube-player" data-src="https://www.youtube.com/embed/a_b-c1D2e3F" data-id='
        '"a_b-c1D2e3F"></div><noscript><iframe src="https://www.youtube.com/embed/a_b-c1D2e3F"></iframe>'
        "</noscript>",
        "youtube", "video", _VIDEO, captured=False,
    ),
    "youtube for browsers without scripts alone": Pasted(
        '<noscript><iframe src="https://www.youtube.com/embed/a_b-c1D2e3F"></iframe></noscript>',
        "youtube", "video", _VIDEO, captured=False,
    ),
    "youtube as an editor of WordPress saves it": Pasted(
        '<figure class="wp-block-embed is-provider-youtube"><div class="wp-block-embed__wrapper">\n'
        "https://www.youtube.com/watch?v=a_b-c1D2e3F\n</div></figure>",
        "youtube", "video", _VIDEO, captured=False,
    ),
    "dailymotion by script": Pasted(
        '<script src="https://geo.dailymotion.com/player/x1.js" data-video="x7tgad0"></script>',
        "dailymotion", "video", "https://www.dailymotion.com/video/x7tgad0", captured=False,
    ),
    "spotify's older player": Pasted(
        _frame("https://embed.spotify.com/?uri=spotify:track:7makk4oTQel546B0"),
        "spotify", "sound", "https://open.spotify.com/track/7makk4oTQel546B0", captured=False,
    ),
    "datawrapper by script alone": Pasted(
        '<script defer src="https://datawrapper.dwcdn.net/kV5pK/embed.js" data-target='
        '"#datawrapper-vis-kV5pK"></script><noscript><img src="https://datawrapper.dwcdn.net/kV5pK/'
        'full.png" alt="Visitors by hour"></noscript>',
        "datawrapper", "chart", "https://datawrapper.dwcdn.net/kV5pK/", captured=False,
    ),
    "flourish with the sign of its maker": Pasted(
        _frame("https://flo.uri.sh/visualisation/12345/embed")
        + '<div><a class="flourish-credit" href="https://public.flourish.studio/visualisation/12345/">'
        '<img alt="Made with Flourish" src="https://public.flourish.studio/made.svg"></a></div>',
        "flourish", "chart", "https://public.flourish.studio/visualisation/12345/", captured=False,
    ),
    "tenor": Pasted(
        '<div class="tenor-gif-embed" data-postid="12345"><a href="https://tenor.com/view/bells-12345">'
        "Bells GIF</a></div>",
        "tenor", "picture", "https://tenor.com/view/12345", captured=False,
    ),
    "tableau": Pasted(
        '<div class="tableauPlaceholder"><noscript><a href="#"><img alt="Bells" src="https://public.tableau'
        '.com/static/images/1.png"></a></noscript><object class="tableauViz"><param name="name" value='
        '"Bells/Sheet1"></object></div>',
        "tableau", "chart", captured=False,
    ),
    "a page of WordPress": Pasted(
        '<iframe class="wp-embedded-content" src="https://news.example.org/bells/embed/#?secret=cV"></iframe>',
        "news.example.org", "page", "https://news.example.org/bells/", captured=False,
    ),
    "vimeo": Pasted(
        _frame("https://player.vimeo.com/video/76979871?h=8272103f6e")
        + '<script src="https://player.vimeo.com/api/player.js"></script>',
        "vimeo", "video", "https://vimeo.com/76979871/8272103f6e", captured=False,
    ),
    "dailymotion": Pasted(
        _frame("https://www.dailymotion.com/embed/video/x7tgad0"),
        "dailymotion", "video", "https://www.dailymotion.com/video/x7tgad0", captured=False,
    ),
    "dailymotion's newer player": Pasted(
        _frame("https://geo.dailymotion.com/player/x1.html?video=x7tgad0&mute=true"),
        "dailymotion", "video", "https://www.dailymotion.com/video/x7tgad0", captured=False,
    ),
    "spotify": Pasted(
        _frame("https://open.spotify.com/embed/episode/7makk4oTQel546B0?utm_source=generator"),
        "spotify", "sound", "https://open.spotify.com/episode/7makk4oTQel546B0", captured=False,
    ),
    "soundcloud": Pasted(
        _frame(
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/293&color=%23ff"
        )
        + '<div style="font-size: 10px"><a href="https://soundcloud.com/citylibrary">City Library</a> '
        '\u00b7 <a href="https://soundcloud.com/citylibrary/bells">Bells</a></div>',
        "soundcloud", "sound", "https://api.soundcloud.com/tracks/293", captured=False,
    ),
    "giphy": Pasted(
        _frame("https://giphy.com/embed/3o7aCTPPm4OHfRLSH4")
        + '<p><a href="https://giphy.com/gifs/bells-3o7aCTPPm4OHfRLSH4">via GIPHY</a></p>',
        "giphy", "picture", "https://giphy.com/gifs/3o7aCTPPm4OHfRLSH4", captured=False,
    ),
    "google maps": Pasted(
        _frame("https://www.google.com/maps/embed?pb=!1m18!1m12!1m3!1d2483", 'style="border:0;"'),
        "google-maps", "map", "https://www.google.com/maps/embed?pb=!1m18!1m12!1m3!1d2483",
        captured=False,
    ),
    "google's own maps": Pasted(
        _frame("https://www.google.com/maps/d/u/0/embed?mid=1abc"),
        "google-maps", "map", "https://www.google.com/maps/d/u/0/embed?mid=1abc", captured=False,
    ),
    "datawrapper": Pasted(
        '<iframe title="Visitors by hour" aria-label="Column chart" id="datawrapper-chart-kV5pK" src='
        '"https://datawrapper.dwcdn.net/kV5pK/1/" scrolling="no" frameborder="0" height="400"></iframe>'
        '<script type="text/javascript">!function(){window.addEventListener("message",function(a){if('
        'void 0!==a.data["datawrapper-height"]){}})}();</script>',
        "datawrapper", "chart", "https://datawrapper.dwcdn.net/kV5pK/", captured=False,
    ),
    "datawrapper by script": Pasted(
        '<div style="min-height:400px" id="datawrapper-vis-kV5pK"><script defer src='
        '"https://datawrapper.dwcdn.net/kV5pK/embed.js" data-target="#datawrapper-vis-kV5pK"></script>'
        '<noscript><img src="https://datawrapper.dwcdn.net/kV5pK/full.png" alt="Visitors by hour">'
        "</noscript></div>",
        "datawrapper", "chart", "https://datawrapper.dwcdn.net/kV5pK/", captured=False,
    ),
    "flourish": Pasted(
        '<div class="flourish-embed flourish-chart" data-src="visualisation/12345"><script src='
        '"https://public.flourish.studio/resources/embed.js"></script><noscript><img src='
        '"https://public.flourish.studio/visualisation/12345/thumbnail" width="100%" alt="chart '
        'visualization" /></noscript></div>',
        "flourish", "chart", "https://public.flourish.studio/visualisation/12345/", captured=False,
    ),
    "flourish in a frame": Pasted(
        _frame("https://flo.uri.sh/visualisation/12345/embed", 'title="Interactive chart"'),
        "flourish", "chart", "https://public.flourish.studio/visualisation/12345/", captured=False,
    ),
    "any frame": Pasted(
        _frame("https://charts.example.org/bells?x=1&utm_source=y", 'title="Bells by hour"'),
        "charts.example.org", "page", "https://charts.example.org/bells?x=1", captured=False,
    ),
    "any frame on an AMP page": Pasted(
        '<amp-iframe src="https://charts.example.org/bells" title="Bells by hour"><amp-img layout="fill" '
        'src="https://charts.example.org/p.png" placeholder></amp-img></amp-iframe>',
        "charts.example.org", "page", "https://charts.example.org/bells", captured=False,
    ),
    "a frame with its own document": Pasted(
        '<iframe srcdoc="&lt;p&gt;Bells at six, then &lt;b&gt;silence&lt;/b&gt;&lt;/p&gt;&lt;img '
        'src=https://example.org/x.png&gt;"></iframe>',
        "", "page",
    ),
    "an embed element": Pasted(
        '<embed src="https://charts.example.org/bells.swf">',
        "charts.example.org", "page", "https://charts.example.org/bells.swf", captured=False,
    ),
}  # fmt: skip
