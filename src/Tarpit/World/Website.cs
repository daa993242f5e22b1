using System.Globalization;

namespace Blackwall.Tarpit.World;

/// <summary>
/// The website of the machine: who writes it, what stands in it, which software it is. Its pages (HTTP) and its database (MySQL) are both made
/// from this, so that they agree. Follows from the installation's seed.
/// </summary>
internal sealed class Website
{
    private static readonly string[] FirstParts = ["North", "Green", "Bright", "Silver", "River", "Oak", "Stone", "West", "Harbour", "Maple", "Clear", "Blue"];
    private static readonly string[] SecondParts = ["gate", "field", "line", "bridge", "wood", "point", "side", "view", "mark", "haven"];
    private static readonly (string Name, string Tagline)[] Trades =
    [
        ("Logistics", "Freight and storage you can rely on"), ("Dental", "Care for the whole family"), ("Consulting", "Clear answers for growing companies"),
        ("Interiors", "Rooms that feel like home"), ("Travel", "Small groups, long memories"), ("Engineering", "Precision parts since 1987"),
        ("Catering", "Good food for good occasions"), ("Accounting", "Your numbers in order"),
    ];

    private static readonly (string Login, string Name)[] Writers =
    [
        ("editor", "Office"), ("claire", "Claire Hoffman"), ("peter", "Peter Lindqvist"), ("marketing", "Marketing"), ("rachel", "Rachel Moss"), ("stefan", "Stefan Brandt"),
    ];

    public Website(Machine machine)
    {
        Machine = machine;
        (string trade, Tagline) = machine.Pick("site-trade", Trades);
        Brand = machine.Pick("site-first", FirstParts) + machine.Pick("site-second", SecondParts);
        Title = $"{Brand} {trade}";

        // A name that the internet's root never gives to anybody.
        Domain = $"{Brand}-{trade}.internal".ToLowerInvariant();
        Version = machine.Pick("site-version", ["6.6.1", "6.6.2", "6.7.1"]);
        Started = machine.SetUp.AddDays(machine.Number("site-started", 1, 6)).AddSeconds(machine.Number("site-second-of-day", 0, 40_000));
        Credentials = new BaitCredentials(machine);
        Users = MakeUsers(machine);
        Posts = WebsiteTexts.Posts(this, trade);
    }

    public Machine Machine { get; }

    public string Brand { get; }

    /// <summary>"Northgate Logistics".</summary>
    public string Title { get; }

    public string Tagline { get; }

    /// <summary>Domain of its mail addresses, and the DNS zone of the machine: below ".internal", which belongs to nobody.</summary>
    public string Domain { get; }

    /// <summary>Of WordPress.</summary>
    public string Version { get; }

    /// <summary>The theme and its version.</summary>
    public (string Slug, string Name, string Version) Theme => ("twentytwentyfour", "Twenty Twenty-Four", Version.StartsWith("6.7", StringComparison.Ordinal) ? "1.3" : "1.2");

    /// <summary>When WordPress was installed.</summary>
    public DateTimeOffset Started { get; }

    public BaitCredentials Credentials { get; }

    /// <summary>Name of its MySQL database.</summary>
    public string Database { get; } = "wordpress";

    public string TablePrefix { get; } = "wp_";

    public IReadOnlyList<WebsiteUser> Users { get; }

    /// <summary>Posts and pages by rising number.</summary>
    public IReadOnlyList<WebsitePost> Posts { get; }

    /// <summary>Categories: number (term_id), slug and name.</summary>
    public IReadOnlyList<(int Id, string Slug, string Name)> Categories { get; } = [(1, "uncategorized", "Uncategorized"), (3, "news", "News"), (4, "company", "Company")];

    /// <summary>One of the eight keys and salts of wp-config.php: 64 printable characters.</summary>
    public string Salt(string name) => string.Concat(Machine.Bytes("site-salt" + name, 64).Select(value => (char)(value % 94 + 33 is var c and not ('\'' or '\\') ? c : '#')));

    private WebsiteUser[] MakeUsers(Machine machine)
    {
        (string Login, string Name) writer = machine.Pick("site-writer", Writers);
        string admin = Credentials.Administrator.User;
        return
        [
            new(1, admin, admin, char.ToUpper(admin[0], CultureInfo.InvariantCulture) + admin[1..], $"{admin}@{Domain}", Hash(admin), Started, "administrator"),
            new(2, writer.Login, writer.Login, writer.Name, $"{writer.Login}@{Domain}", Hash(writer.Login), Started.AddDays(2).AddSeconds(machine.Number("site-writer-second", 0, 9000)), "editor"),
        ];
    }

    // Eight characters of salt and twenty-two of hash, 2^13 rounds: a hash that nobody finds a password for.
    private string Hash(string user)
    {
        const string alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        return "$P$B" + string.Concat(Machine.Bytes("site-hash" + user, 30).Select(value => alphabet[value % alphabet.Length]));
    }
}
