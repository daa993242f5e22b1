using System.Net;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>What all pages below /wp-admin/ have around them.</summary>
internal sealed class AdminFrame(Website site, WordPressLogins logins)
{
    private static readonly (string Path, string Icon, string Name)[] Menu =
    [
        ("index.php", "dashboard", "Dashboard"), ("edit.php", "admin-post", "Posts"), ("upload.php", "admin-media", "Media"), ("edit.php?post_type=page", "admin-page", "Pages"),
        ("edit-comments.php", "admin-comments", "Comments"), ("themes.php", "admin-appearance", "Appearance"), ("plugins.php", "admin-plugins", "Plugins"), ("users.php", "admin-users", "Users"),
        ("tools.php", "admin-tools", "Tools"), ("options-general.php", "admin-settings", "Settings"),
    ];

    public HttpAnswer Make(WordPressLinks links, WebsiteUser user, string title, string bodyClass, string main, int status = 200)
    {
        string home = links.Home, menu = string.Concat(Menu.Select(item => $"<li class=\"wp-not-current-submenu menu-top menu-icon-{item.Icon}\"><a href='{WebUtility.HtmlEncode(item.Path)}' class=\"menu-top\"><div class=\"wp-menu-image dashicons-before dashicons-{item.Icon}\" aria-hidden='true'><br /></div><div class='wp-menu-name'>{item.Name}</div></a></li>\n"));
        string page = $$"""
            <!DOCTYPE html>
            <html class="wp-toolbar"
            	lang="en-US">
            <head>
            <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
            <title>{{title}} &lsaquo; {{WebUtility.HtmlEncode(site.Title)}} &#8212; WordPress</title>
            <script>
            var ajaxurl = '\/wp-admin\/admin-ajax.php', pagenow = '{{bodyClass}}', typenow = '', adminpage = '{{bodyClass}}-php', isRtl = 0;
            </script>
            <link rel='stylesheet' href='{{links.Core("/wp-admin/css/common.min.css")}}' media='all' />
            </head>
            <body class="wp-admin wp-core-ui no-js {{bodyClass}}-php auto-fold admin-bar branch-{{site.Version[..3].Replace('.', '-')}} version-{{site.Version.Replace('.', '-')}} admin-color-fresh locale-en-us">
            <div id="wpwrap">
            <div id="adminmenumain" role="navigation" aria-label="Main menu">
            <ul id="adminmenu">
            {{menu}}</ul>
            </div>
            <div id="wpcontent">
            <div id="wpadminbar" class="nojq"><ul class="ab-top-menu"><li id='wp-admin-bar-site-name'><a class='ab-item' href='{{home}}/'>{{WebUtility.HtmlEncode(site.Title)}}</a></li></ul>
            <ul class="ab-top-secondary"><li id='wp-admin-bar-my-account'><a class='ab-item' href='{{home}}/wp-admin/profile.php'>Howdy, <span class="display-name">{{WebUtility.HtmlEncode(user.Name)}}</span></a></li><li id='wp-admin-bar-logout'><a class='ab-item' href='{{home}}/wp-login.php?action=logout&#038;_wpnonce={{logins.Nonce("log-out", user.Login)}}'>Log Out</a></li></ul></div>
            <div id="wpbody" role="main"><div id="wpbody-content">
            <div class="wrap">
            {{main}}
            </div>
            </div></div></div>
            <div id="wpfooter" role="contentinfo"><p id="footer-left" class="alignleft"><span id="footer-thankyou">Thank you for creating with <a href="https://wordpress.org/">WordPress</a>.</span></p><p id="footer-upgrade" class="alignright">Version {{site.Version}}</p></div>
            </div>
            </body>
            </html>

            """;
        HttpAnswer answer = FrontPages.NoCache(HttpAnswer.Page(page, status), isLoggedIn: true);
        return answer.With("Referrer-Policy", "strict-origin-when-cross-origin").With("X-Frame-Options", "SAMEORIGIN");
    }
}
