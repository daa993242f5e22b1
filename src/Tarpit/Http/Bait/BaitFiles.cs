using System.IO.Compression;
using System.Text;
using Blackwall.Tarpit.Http.Files;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.Bait;

/// <summary>What somebody forgot below the web root: a handful, not everything that scanners ask for.</summary>
internal static class BaitFiles
{
    public static IReadOnlyDictionary<string, StaticFile> Create(Website site)
    {
        DateTimeOffset left = Whole(site.Started.AddDays(4).AddSeconds(site.Machine.Number("bait-left", 0, 30_000)));
        DateTimeOffset dumped = Whole(site.Machine.BootTime.AddDays(2).AddSeconds(site.Machine.Number("bait-dumped", 0, 9000)));
        Dictionary<string, StaticFile> files = new(StringComparer.Ordinal)
        {
            ["/.env"] = new StaticFile(Encoding.UTF8.GetBytes(BaitTexts.Environment(site)), left, null),
            ["/wp-config.php.bak"] = new StaticFile(Encoding.UTF8.GetBytes(BaitTexts.Configuration(site)), left, "application/x-trash"),
            ["/backup.sql.gz"] = new StaticFile(Compress(BaitTexts.Dump(site, dumped)), dumped, "application/x-gzip"),
        };
        foreach ((string path, byte[] content) in Repository(site, left).Files)
        {
            files["/.git/" + path] = new StaticFile(content, left, null);
        }

        return files;
    }

    private static GitRepository Repository(Website site, DateTimeOffset when)
    {
        string admin = site.Users[0].Name, author = $"{admin} <{site.Users[0].Email}>";
        GitRepository repository = new($"git@git.{site.Domain}:web/{site.Brand.ToLowerInvariant()}.git");
        Dictionary<string, string> tree = new(StringComparer.Ordinal)
        {
            ["README.md"] = $"# {site.Title}\n\nThe website. Deployed by `deploy.sh` to {site.Machine.HostName}.\n",
            [".gitignore"] = "wp-content/uploads/\nwp-content/cache/\n",
            ["deploy.sh"] = $"#!/bin/sh\nset -e\ncd /var/www/html\ngit pull --ff-only\nchown -R www-data:www-data .\nmysqldump -u {site.Credentials.Website.User} -p'{site.Credentials.Website.Password}' {site.Database} | gzip > backup.sql.gz\n",
        };
        repository.Commit(tree, author, when.AddDays(-2), "Website as it is on the server");
        tree["wp-config.php"] = BaitTexts.Configuration(site);
        repository.Commit(tree, author, when.AddDays(-1), "Add configuration");
        tree[".env"] = BaitTexts.Environment(site);
        repository.Commit(tree, author, when, "Settings of the shop");
        return repository;
    }

    private static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private static byte[] Compress(string text)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }
}
