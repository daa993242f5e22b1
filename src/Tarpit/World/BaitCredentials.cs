using System.Globalization;

namespace Blackwall.Tarpit.World;

/// <summary>
/// Credentials that lie about on the machine: in the web server's forgotten files, in its repository and backup, in the shell's files. They
/// open the machine's own personas and nothing else, and are the same in every protocol.
/// </summary>
internal sealed class BaitCredentials
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public BaitCredentials(Machine machine)
    {
        Website = new BaitLogin("wp_" + machine.Pick("bait-user", ["site", "prod", "blog", "www", "user"]), Password(machine, "bait-website", 14));
        Shop = new BaitLogin("shop", Password(machine, "bait-shop", 12));
        Administrator = new BaitLogin(machine.Administrator, string.Create(CultureInfo.InvariantCulture, $"{machine.Pick("bait-word", ["Welcome", "Summer", "Winter", "Changeme", "Autumn"])}{machine.SetUp.Year}!"));
        ApiToken = Convert.ToHexStringLower(machine.Bytes("bait-token", 20));
    }

    /// <summary>Database "wordpress" of the website, at MySQL on the same machine.</summary>
    public BaitLogin Website { get; }

    /// <summary>Database "shop", at MySQL on the same machine.</summary>
    public BaitLogin Shop { get; }

    /// <summary>The administrator of the website and of its admin panel.</summary>
    public BaitLogin Administrator { get; }

    /// <summary>Bearer token of the JSON API: 40 hexadecimal digits.</summary>
    public string ApiToken { get; }

    /// <summary>Whether MySQL lets this user in.</summary>
    public bool IsDatabaseLogin(string user, string password) => IsSame(Website, user, password) || IsSame(Shop, user, password);

    /// <summary>Whether the website and the panel let this user in.</summary>
    public bool IsWebsiteLogin(string user, string password) => IsSame(Administrator, user, password);

    private static bool IsSame(BaitLogin login, string user, string password) =>
        string.Equals(login.User, user, StringComparison.Ordinal) && string.Equals(login.Password, password, StringComparison.Ordinal);

    private static string Password(Machine machine, string name, int length) => string.Concat(machine.Bytes(name, length).Select(value => Letters[value % Letters.Length]));
}
