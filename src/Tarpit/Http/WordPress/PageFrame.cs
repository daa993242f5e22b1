using System.Net;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>What all pages of the website have around them.</summary>
internal sealed class PageFrame(Website site)
{
    /// <summary>A page.</summary>
    /// <param name="title">Of the window, text.</param>
    /// <param name="bodyClass">Classes that say what it shows.</param>
    /// <param name="extra">More of the head: HTML.</param>
    /// <param name="main">HTML.</param>
    public string Make(WordPressLinks links, string title, string bodyClass, string extra, string main)
    {
        string home = links.Home, name = WebUtility.HtmlEncode(site.Title);
        return $$"""
            <!DOCTYPE html>
            <html lang="en-US">
            <head>
            	<meta charset="UTF-8" />
            	<meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name='robots' content='max-image-preview:large' />
            <title>{{WebUtility.HtmlEncode(title)}}</title>
            <link rel="alternate" type="application/rss+xml" title="{{name}} &raquo; Feed" href="{{home}}/feed/" />
            <link rel="alternate" type="application/rss+xml" title="{{name}} &raquo; Comments Feed" href="{{home}}/comments/feed/" />
            <script>
            window._wpemojiSettings = {"baseUrl":"https:\/\/s.w.org\/images\/core\/emoji\/15.0.3\/72x72\/","ext":".png","svgUrl":"https:\/\/s.w.org\/images\/core\/emoji\/15.0.3\/svg\/","svgExt":".svg","source":{"concatemoji":"{{home.Replace("/", "\\/", StringComparison.Ordinal)}}\/wp-includes\/js\/wp-emoji-release.min.js?ver={{site.Version}}"} };
            </script>
            <style id='wp-emoji-styles-inline-css'>

            	img.wp-smiley, img.emoji {
            		display: inline !important;
            		height: 1em !important;
            		width: 1em !important;
            	}
            </style>
            <link rel='stylesheet' id='wp-block-library-css' href='{{links.Core("/wp-includes/css/dist/block-library/style.min.css")}}' media='all' />
            <style id='global-styles-inline-css'>
            :root{--wp--preset--color--base: #f9f9f9;--wp--preset--color--contrast: #111111;--wp--preset--color--accent: #cfcabe;--wp--preset--font-family--body: "Inter", sans-serif;--wp--style--global--content-size: 620px;--wp--style--global--wide-size: 1280px;}
            body{background-color: var(--wp--preset--color--base);color: var(--wp--preset--color--contrast);font-family: var(--wp--preset--font-family--body);margin: 0;}
            </style>
            <link rel='stylesheet' id='twentytwentyfour-style-css' href='{{home}}/wp-content/themes/{{site.Theme.Slug}}/style.css?ver={{site.Theme.Version}}' media='all' />
            <link rel="https://api.w.org/" href="{{home}}/wp-json/" />{{extra}}<link rel="EditURI" type="application/rsd+xml" title="RSD" href="{{home}}/xmlrpc.php?rsd" />
            <meta name="generator" content="WordPress {{site.Version}}" />
            </head>

            <body class="{{bodyClass}} wp-embed-responsive">

            <div class="wp-site-blocks"><header class="wp-block-template-part">
            <div class="wp-block-group has-base-background-color has-background is-layout-constrained"><div class="wp-block-group is-layout-flex"><p class="wp-block-site-title"><a href="{{home}}" target="_self" rel="home">{{name}}</a></p>
            <nav class="wp-block-navigation is-layout-flex" aria-label="Navigation"><ul class="wp-block-navigation__container wp-block-page-list">{{string.Concat(site.Posts.Where(post => post.IsPage).OrderBy(post => post.Title, StringComparer.Ordinal).Select(page => $"<li class=\"wp-block-pages-list__item wp-block-navigation-item open-on-hover-click\"><a class=\"wp-block-pages-list__item__link wp-block-navigation-item__content\" href=\"{links.Post(page)}\">{WebUtility.HtmlEncode(page.Title)}</a></li>"))}}</ul></nav>
            </div></div>
            </header>

            <main class="wp-block-group is-layout-constrained" id="wp--skip-link--target">
            {{main}}
            </main>

            <footer class="wp-block-template-part">
            <div class="wp-block-group is-layout-constrained"><p class="wp-block-site-title"><a href="{{home}}" target="_self" rel="home">{{name}}</a></p>
            <p class="wp-block-site-tagline">{{WebUtility.HtmlEncode(site.Tagline)}}</p>
            <p class="has-small-font-size">Designed with <a href="https://wordpress.org" rel="nofollow">WordPress</a></p></div>
            </footer></div>
            <script type="module" src="{{links.Core("/wp-includes/blocks/navigation/view.min.js")}}" id="wp-block-navigation-view-js-module"></script>
            <script id="wp-block-template-skip-link-js-after">
            ( function() { document.body.dataset.skipLink = 'wp--skip-link--target'; }() );
            </script>
            </body>
            </html>

            """;
    }
}
