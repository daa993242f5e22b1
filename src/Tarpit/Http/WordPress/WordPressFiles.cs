using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>Files of the core and the theme that pages link to or that people look for. Their content is our own, as short as it can be.</summary>
internal static class WordPressFiles
{
    private const string Css = "text/css";
    private const string JavaScript = "text/javascript";

    /// <summary>Path, content and type of each.</summary>
    public static IEnumerable<(string Path, string Text, string Type)> All(Website site)
    {
        foreach (string path in new[] { "/wp-includes/css/dist/block-library/style.min.css", "/wp-includes/css/dashicons.min.css", "/wp-includes/css/buttons.min.css", "/wp-admin/css/forms.min.css", "/wp-admin/css/login.min.css", "/wp-admin/css/common.min.css", "/wp-admin/css/install.css" })
        {
            yield return (path, $"/*! This file is auto-generated */\n.{Path.GetFileName(path).Split('.')[0]}{{box-sizing:border-box}}.screen-reader-text{{border:0;clip:rect(1px,1px,1px,1px);height:1px;margin:-1px;overflow:hidden;position:absolute;width:1px}}\n", Css);
        }

        foreach (string path in new[] { "/wp-includes/js/wp-emoji-release.min.js", "/wp-includes/blocks/navigation/view.min.js", "/wp-includes/js/jquery/jquery.min.js" })
        {
            yield return (path, $"/*! This file is auto-generated */\n(function(){{\"use strict\";document.documentElement.classList.add(\"js\");}})();\n", JavaScript);
        }

        yield return ($"/wp-content/themes/{site.Theme.Slug}/style.css", $"""
            /*
            Theme Name: {site.Theme.Name}
            Theme URI: https://wordpress.org/themes/{site.Theme.Slug}/
            Author: the WordPress team
            Author URI: https://wordpress.org
            Requires at least: 6.4
            Tested up to: {site.Version[..3]}
            Requires PHP: 7.0
            Version: {site.Theme.Version}
            License: GNU General Public License v2 or later
            License URI: http://www.gnu.org/licenses/gpl-2.0.html
            Text Domain: {site.Theme.Slug}
            */

            """, Css);
        yield return ($"/wp-content/themes/{site.Theme.Slug}/readme.txt", $"=== {site.Theme.Name} ===\nContributors: wordpressdotorg\nRequires at least: 6.4\nTested up to: {site.Version[..3]}\nRequires PHP: 7.0\nStable tag: {site.Theme.Version}\nLicense: GPLv2 or later\nLicense URI: http://www.gnu.org/licenses/gpl-2.0.html\n", "text/plain");
        yield return ("/wp-content/plugins/akismet/readme.txt", "=== Akismet Anti-spam: Spam Protection ===\nContributors: matt, ryan, andy, mdawaffe, tellyworth, josephscott, lessbloat, automattic\nTags: comments, spam, antispam, anti-spam, contact form\nRequires at least: 5.8\nTested up to: 6.6\nRequires PHP: 5.6.20\nStable tag: 5.3.3\nLicense: GPLv2 or later\n", "text/plain");
        yield return ("/readme.html", $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            	<meta name="viewport" content="width=device-width" />
            	<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
            	<title>WordPress &#8250; ReadMe</title>
            	<link rel="stylesheet" href="wp-admin/css/install.css?ver=20100228" type="text/css" />
            </head>
            <body>
            <h1 id="logo">
            	<a href="https://wordpress.org/"><img alt="WordPress" src="wp-admin/images/wordpress-logo.png" /></a>
            </h1>
            <p style="text-align: center">Semantic Personal Publishing Platform</p>

            <h2>First Things First</h2>
            <p>Welcome. Thank you for making WordPress part of your world.</p>

            <h2>Installation: Famous 5-minute install</h2>
            <ol>
            	<li>Unzip the package in an empty directory and upload everything.</li>
            	<li>Open <span class="file"><a href="wp-admin/install.php">wp-admin/install.php</a></span> in your browser.</li>
            </ol>

            <h2>System Requirements</h2>
            <ul>
            	<li><a href="https://secure.php.net/">PHP</a> version <strong>7.2.24</strong> or greater.</li>
            	<li><a href="https://www.mysql.com/">MySQL</a> version <strong>5.5.5</strong> or greater.</li>
            </ul>

            <h2>License</h2>
            <p>WordPress is free software, and is released under the terms of the <abbr>GPL</abbr> (GNU General Public License) version 2 or (at your option) any later version. See <a href="license.txt">license.txt</a>.</p>

            </body>
            </html>

            """, "text/html");
        yield return ("/license.txt", "WordPress - Web publishing software\n\nCopyright 2011-2024 by the contributors\n\nThis program is free software; you can redistribute it and/or modify\nit under the terms of the GNU General Public License as published by\nthe Free Software Foundation; either version 2 of the License, or\n(at your option) any later version.\n\nThis program is distributed in the hope that it will be useful,\nbut WITHOUT ANY WARRANTY; without even the implied warranty of\nMERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the\nGNU General Public License for more details.\n", "text/plain");
    }
}
