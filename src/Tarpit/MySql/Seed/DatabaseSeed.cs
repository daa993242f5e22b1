using System.Collections.Immutable;
using System.Globalization;
using Blackwall.Tarpit.MySql.Sql;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.MySql.Seed;

/// <summary>The databases as every visitor first finds them: the website's, a shop's and the server's own, made from the world.</summary>
internal sealed class DatabaseSeed
{
    private readonly Machine _machine;
    private readonly Website _site;
    private readonly SqlSession _session;

    private DatabaseSeed(Machine machine, Website site, IReadOnlyDictionary<string, object> variables)
    {
        (_machine, _site) = (machine, site);
        Catalog empty = Catalog.SystemDatabases.Append(site.Database).Append("shop").Aggregate(Catalog.Empty, (catalog, name) => catalog.WithDatabase(name));
        _session = new SqlSession(machine, new CatalogCopy(empty, long.MaxValue), variables, 1);
        _session.Begin("root", "localhost", null);
    }

    public static Catalog Build(Machine machine, Website site, IReadOnlyDictionary<string, object> variables)
    {
        DatabaseSeed seed = new(machine, site, variables);
        seed.Define(site.Database, "wordpress.sql", "utf8mb4_unicode_520_ci", site.Started);
        seed.Define("shop", "shop.sql", "utf8mb4_0900_ai_ci", site.Started.AddDays(3));
        seed.Define("mysql", "mysql.sql", "utf8mb3_bin", machine.SetUp.AddMinutes(4));
        seed.FillWebsite();
        ShopSeed.Fill(machine, site, seed.Insert);
        seed.FillServer();
        return seed._session.Copy.Value;
    }

    // The statements of a file of this program; the system's database is written to as well, which statements may not.
    private void Define(string database, string file, string collation, DateTimeOffset created)
    {
        using Stream stream = typeof(DatabaseSeed).Assembly.GetManifestResourceStream("mysql-" + file)!;
        using StreamReader reader = new(stream);
        _session.Database = "shop";
        foreach (string statement in Statements.Split(reader.ReadToEnd()))
        {
            Statements.Run(new Evaluation(_session, []), statement);
        }

        foreach (Table table in _session.Copy.Value.Databases["shop"].Values.Where(table => table.Created > _machine.Now.AddHours(-1)))
        {
            _session.Copy.Change(catalog => catalog.Without("shop", table.Name).With(database, table with { Created = created, Collation = collation }), table.Name, 0);
        }
    }

    private void Insert(string database, string table, IEnumerable<object?[]> rows)
    {
        Table found = _session.Copy.Value.Find(database, table)!;
        ImmutableList<object?[]> all = [.. rows];
        long next = found.HasAutoIncrement ? all.Select(row => Values.Integer(row[0])).DefaultIfEmpty(0).Max() + 1 : 1;
        _session.Copy.SetRows(database, table, all, next, 0);
    }

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private void FillWebsite()
    {
        string place = _site.Database, prefix = _site.TablePrefix, address = $"http://{_site.Domain}";
        Insert(place, prefix + "users", _site.Users.Select(user => new object?[] { (long)user.Id, user.Login, user.PasswordHash, user.Slug, user.Email, user.Id == 1 ? address : "", Stamp(user.Registered), "", 0L, user.Name }));
        long id = 0;
        Insert(place, prefix + "usermeta", _site.Users.SelectMany(user => new (string Key, string Value)[]
        {
            ("nickname", user.Login), ("first_name", ""), ("last_name", ""), ("description", ""), ("rich_editing", "true"), ("admin_color", "fresh"), ("show_admin_bar_front", "true"),
            (prefix + "capabilities", $"a:1:{{s:{user.Role.Length}:\"{user.Role}\";b:1;}}"), (prefix + "user_level", user.Role is "administrator" ? "10" : "7"), ("session_tokens", ""),
        }.Select(meta => new object?[] { ++id, (long)user.Id, meta.Key, meta.Value })));
        Insert(place, prefix + "posts", _site.Posts.Select(post => new object?[]
        {
            (long)post.Id, (long)post.Author, Stamp(post.Published), Stamp(post.Published), post.Content, post.Title, "", "publish", post.IsPage ? "closed" : "open", post.IsPage ? "closed" : "open", "", post.Slug, "", "",
            Stamp(post.Modified), Stamp(post.Modified), "", 0L, $"{address}/?{(post.IsPage ? "page_id" : "p")}={post.Id.ToString(CultureInfo.InvariantCulture)}", 0L, post.IsPage ? "page" : "post", "", 0L,
        }));
        Insert(place, prefix + "terms", _site.Categories.Select(term => new object?[] { (long)term.Id, term.Name, term.Slug, 0L }));
        Insert(place, prefix + "term_taxonomy", _site.Categories.Select(term => new object?[] { (long)term.Id, (long)term.Id, "category", "", 0L, (long)_site.Posts.Count(post => string.Equals(post.Category, term.Slug, StringComparison.Ordinal)) }));
        Insert(place, prefix + "term_relationships", _site.Posts.Where(post => post.Category is not null).Select(post => new object?[] { (long)post.Id, (long)_site.Categories.First(term => string.Equals(term.Slug, post.Category, StringComparison.Ordinal)).Id, 0L }));
        Insert(place, prefix + "postmeta", [[1L, 2L, "_wp_page_template", "default"], [2L, 3L, "_wp_page_template", "default"]]);
        id = 0;
        Insert(place, prefix + "options", new (string Name, string Value)[]
        {
            ("siteurl", address), ("home", address), ("blogname", _site.Title), ("blogdescription", _site.Tagline), ("users_can_register", "0"), ("admin_email", _site.Users[0].Email), ("start_of_week", "1"),
            ("use_balanceTags", "0"), ("posts_per_page", "10"), ("date_format", "F j, Y"), ("time_format", "g:i a"), ("permalink_structure", "/%year%/%monthnum%/%day%/%postname%/"), ("blog_charset", "UTF-8"),
            ("active_plugins", "a:0:{}"), ("template", _site.Theme.Slug), ("stylesheet", _site.Theme.Slug), ("default_role", "subscriber"), ("db_version", "57155"), ("initial_db_version", "57155"),
            ("auth_key", _site.Salt("AUTH_KEY")), ("auth_salt", _site.Salt("AUTH_SALT")), ("timezone_string", "UTC"), ("WPLANG", ""), ("fresh_site", "0"),
        }.Select(option => new object?[] { ++id, option.Name, option.Value, "yes" }));
    }

    private void FillServer()
    {
        string changed = Stamp(_machine.SetUp.AddMinutes(4));
        (string Host, string User, bool IsAdministrator, string Plugin)[] users =
        [
            ("%", "root", true, "caching_sha2_password"), ("%", _site.Credentials.Shop.User, false, "caching_sha2_password"), ("%", _site.Credentials.Website.User, false, "caching_sha2_password"),
            ("localhost", "debian-sys-maint", true, "caching_sha2_password"), ("localhost", "mysql.infoschema", false, "caching_sha2_password"), ("localhost", "mysql.session", false, "caching_sha2_password"),
            ("localhost", "mysql.sys", false, "caching_sha2_password"), ("localhost", "root", true, "auth_socket"),
        ];
        Table user = _session.Copy.Value.Find("mysql", "user")!;
        Insert("mysql", "user", users.Select(account => user.Columns.Select(column => (object?)(column.Name switch
        {
            "Host" => account.Host,
            "User" => account.User,
            "plugin" => account.Plugin,
            "authentication_string" => account.Plugin is "auth_socket" ? "" : account.User.StartsWith("mysql.", StringComparison.Ordinal) ? "$A$005$THISISACOMBINATIONOFINVALIDSALTANDPASSWORDTHATMUSTNEVERBRBEUSED" : Hash(account.User),
            "password_last_changed" => changed,
            "account_locked" => account.User.StartsWith("mysql.", StringComparison.Ordinal) ? "Y" : "N",
            "ssl_cipher" or "x509_issuer" or "x509_subject" => Array.Empty<byte>(),
            _ when column.Name.EndsWith("_priv", StringComparison.Ordinal) => account.IsAdministrator ? "Y" : "N",
            _ when column.Name.StartsWith("max_", StringComparison.Ordinal) => 0L,
            _ => column.Default,
        })).ToArray()));
        Insert("mysql", "db", [["%", _site.Database, _site.Credentials.Website.User, "Y", "Y", "Y", "Y", "Y", "Y"], ["%", "shop", _site.Credentials.Shop.User, "Y", "Y", "Y", "Y", "Y", "Y"], ["localhost", "performance_schema", "mysql.session", "Y", "N", "N", "N", "N", "N"], ["localhost", "sys", "mysql.sys", "N", "N", "N", "N", "N", "N"]]);
        Insert("mysql", "component", []);
    }

    // SHA-256 crypt with a salt of 20 and a hash of 43 characters; nobody finds a password for it.
    private string Hash(string user)
    {
        const string alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        return "$A$005$" + string.Concat(_machine.Bytes("mysql-hash" + user, 63).Select(value => alphabet[value % alphabet.Length]));
    }
}
