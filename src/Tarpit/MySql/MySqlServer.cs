using System.Net;
using Blackwall.Tarpit.MySql.Seed;
using Blackwall.Tarpit.MySql.Sql;
using Blackwall.Tarpit.Pacing;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.MySql;

/// <summary>What all connections of the database server share. Thread-safe.</summary>
internal sealed class MySqlServer : IDisposable
{
    public const string Version = "8.0.41-0ubuntu0.24.04.1";

    private const int MostCopies = 256;

    private readonly Website _site;
    private readonly IAcceptPolicy _policy;
    private readonly long _mostBytes;
    private readonly Lazy<Catalog> _catalog;
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, CatalogCopy> _copies = [];
    private readonly Queue<IPAddress> _order = new();
    private uint _connection;

    public MySqlServer(Machine machine, Website site, DatabaseKeys keys, IAcceptPolicy policy, SessionPacing pacing, TimeSpan idle, long mostBytes)
    {
        (Machine, _site, _policy, Idle, _mostBytes) = (machine, site, policy, idle, mostBytes);
        Pacing = pacing;
        Work = new StatementWork(machine.Time);
        Variables = Sql.Variables.OfServer(machine, Version);
        Keys = new ServerKeys(machine, Version, keys);
        _catalog = new Lazy<Catalog>(() => DatabaseSeed.Build(machine, site, Variables));
        _connection = (uint)machine.Number("mysql-connection", 900, 90_000);
    }

    public Machine Machine { get; }

    public ServerKeys Keys { get; }

    public IReadOnlyDictionary<string, object> Variables { get; }

    public TimeSpan Idle { get; }

    public SessionPacing Pacing { get; }

    /// <summary>What statements of all connections may cost.</summary>
    public StatementWork Work { get; }

    public uint NextConnection() => Interlocked.Increment(ref _connection);

    /// <summary>Whether a password lets a user in, and to which database alone (null: to all).</summary>
    public bool Accepts(IPAddress source, string user, string password, out string? onlyDatabase)
    {
        BaitCredentials bait = _site.Credentials;
        onlyDatabase = string.Equals(user, bait.Website.User, StringComparison.Ordinal) ? _site.Database : string.Equals(user, bait.Shop.User, StringComparison.Ordinal) ? "shop" : null;
        return bait.IsDatabaseLogin(user, password) || (onlyDatabase is null && _policy.Accepts(source, user, password));
    }

    /// <summary>Passwords that can be told from a proof alone: those that lie about.</summary>
    public IEnumerable<BaitLogin> KnownLogins => [_site.Credentials.Website, _site.Credentials.Shop];

    /// <summary>The databases as this address left them. The oldest are forgotten first.</summary>
    public CatalogCopy CopyOf(IPAddress address)
    {
        lock (_lock)
        {
            if (!_copies.TryGetValue(address, out CatalogCopy? copy))
            {
                if (_order.Count == MostCopies)
                {
                    _copies.Remove(_order.Dequeue());
                }

                _copies[address] = copy = new CatalogCopy(_catalog.Value, _mostBytes);
                _order.Enqueue(address);
            }

            return copy;
        }
    }

    public void Dispose()
    {
        Work.Dispose();
        Keys.Dispose();
    }
}
