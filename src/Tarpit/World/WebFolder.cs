using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.World;

/// <summary>/var/www/html as a login finds it: the website that HTTP shows, with the same forgotten files in it.</summary>
internal static class WebFolder
{
    private const string Root = "/var/www/html/";
    public const int WebUser = 33;

    /// <summary>Files by their path; each belongs to the web server's user.</summary>
    public static IEnumerable<(string Path, FileNode File)> Files(Website site)
    {
        DateTimeOffset unpacked = site.Started.AddTicks(-(site.Started.Ticks % TimeSpan.TicksPerSecond));
        yield return Text("wp-config.php", BaitTexts.Configuration(site), unpacked.AddMinutes(4), 0x1A0);
        yield return Text("wp-config.php.bak", BaitTexts.Configuration(site), unpacked.AddMinutes(9));
        yield return Text(".env", BaitTexts.Environment(site), unpacked.AddDays(4));
        yield return Text("index.php", "<?php\n/**\n * Front to the WordPress application.\n *\n * @package WordPress\n */\n\ndefine( 'WP_USE_THEMES', true );\n\nrequire __DIR__ . '/wp-blog-header.php';\n", unpacked);
        yield return Text("phpinfo.php", "<?php phpinfo();\n", unpacked.AddMinutes(2));
        yield return Text(".htaccess", "# BEGIN WordPress\n<IfModule mod_rewrite.c>\nRewriteEngine On\nRewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]\nRewriteBase /\nRewriteRule ^index\\.php$ - [L]\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteCond %{REQUEST_FILENAME} !-d\nRewriteRule . /index.php [L]\n</IfModule>\n# END WordPress\n", unpacked.AddMinutes(6));
        yield return Text("wp-includes/version.php", $"<?php\n/**\n * WordPress Version\n *\n * @package WordPress\n */\n$wp_version = '{site.Version}';\n\n$required_php_version = '7.2.24';\n\n$required_mysql_version = '5.5.5';\n", unpacked);
        yield return Text($"wp-content/themes/{site.Theme.Slug}/style.css", $"/*\nTheme Name: {site.Theme.Name}\nVersion: {site.Theme.Version}\n*/\n", unpacked);
        yield return Text("wp-content/index.php", "<?php\n// Silence is golden.\n", unpacked);
        yield return Text("wp-content/plugins/hello.php", "<?php\n/*\nPlugin Name: Hello Dolly\nVersion: 1.7.2\n*/\n", unpacked);
        foreach (string name in new[] { "wp-activate", "wp-blog-header", "wp-comments-post", "wp-config-sample", "wp-cron", "wp-links-opml", "wp-load", "wp-login", "wp-mail", "wp-settings", "wp-signup", "wp-trackback", "xmlrpc", "wp-admin/index", "wp-admin/admin-ajax" })
        {
            yield return Text(name + ".php", $"<?php\n/**\n * WordPress: {name}\n *\n * @package WordPress\n */\nrequire_once __DIR__ . '/{(name.StartsWith("wp-admin/", StringComparison.Ordinal) ? "../" : "")}wp-load.php';\n", unpacked);
        }
    }

    private static (string Path, FileNode File) Text(string name, string text, DateTimeOffset modified, int mode = 0x1A4) =>
        (Root + name, new FileNode { Content = new StoredContent(text), Mode = mode, User = WebUser, Group = WebUser, Modified = modified });
}
