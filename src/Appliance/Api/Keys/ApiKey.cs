using Blackwall.Pipeline.Model;

namespace Blackwall.Api.Keys;

/// <summary>What is known of a key; never its secret.</summary>
internal sealed class ApiKey(long id, string name, byte[] hash, string lead, ScopeSet scopes, IReadOnlyList<Prefix> networks, DateTimeOffset created, DateTimeOffset? expiry, DateTimeOffset? lastUsed)
{
    private long _lastUsed = lastUsed?.ToUnixTimeMilliseconds() ?? 0;
    private long _stored = lastUsed?.ToUnixTimeMilliseconds() ?? 0;

    public long Id => id;

    public string Name => name;

    /// <summary>SHA-256 of the secret.</summary>
    public ReadOnlySpan<byte> Hash => hash;

    /// <summary>The first characters of the secret, by which a person recognises it; empty: not known.</summary>
    public string Lead => lead;

    public ScopeSet Scopes => scopes;

    /// <summary>Where it may be used from; empty: anywhere.</summary>
    public IReadOnlyList<Prefix> Networks => networks;

    public DateTimeOffset Created => created;

    public DateTimeOffset? Expiry => expiry;

    public DateTimeOffset? LastUsed => Interlocked.Read(ref _lastUsed) is > 0 and long milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    /// <summary>Gets its holder in at any time and from anywhere, to everything: one of these must always remain.</summary>
    public bool OpensEverything => scopes.IsAdmin && expiry is null && networks.Count == 0;

    public bool IsOver(DateTimeOffset now) => expiry <= now;

    public bool MayCallFrom(Address client) => networks.Count == 0 || networks.Any(network => network.Contains(Prefix.Host(client)));

    public void Used(DateTimeOffset now) => Interlocked.Exchange(ref _lastUsed, now.ToUnixTimeMilliseconds());

    /// <summary>The last use, when it was not stored yet.</summary>
    public long? TakeUnstored()
    {
        long used = Interlocked.Read(ref _lastUsed);
        return Interlocked.Exchange(ref _stored, used) == used ? null : used;
    }

    /// <summary>Stands for whoever comes by the local socket: the kernel says who they are, so there is no secret.</summary>
    public static ApiKey Local(uint user) => new(
        0, user == 0 ? "local-root" : "local-user", new byte[32], "", ScopeSet.Admin, [], DateTimeOffset.UnixEpoch, null, null);

    public ApiKey WithSecret(byte[] newHash, string newLead) => new(id, name, newHash, newLead, scopes, networks, created, expiry, LastUsed);
}
