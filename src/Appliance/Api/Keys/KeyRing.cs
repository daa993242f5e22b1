using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Api.Keys;

/// <summary>Knows every key. Makes the admin key at the first start, and never lets the last key go that opens everything. Thread-safe.</summary>
internal sealed class KeyRing(KeyStore store, AdminKeyFile file, IOptions<ApiOptions> options, TimeProvider time, ILogger<KeyRing> log) : BackgroundService, IHealthSource
{
    public const string AdminName = "admin";
    private const int LeadLength = 11;
    private static readonly TimeSpan StoreUses = TimeSpan.FromMinutes(1);

    private readonly Lock _editing = new();

    // By the first bytes of the hash, which nobody can choose: how long a look-up takes tells nothing of any key.
    private FrozenDictionary<ulong, ApiKey> _keys = FrozenDictionary<ulong, ApiKey>.Empty;
    private string? _fault;

    public string Name => "admin-key";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault);

    public IReadOnlyList<ApiKey> All => [.. _keys.Values.OrderBy(key => key.Id)];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ApiKey> known = store.All(out string? unreadable);
        string? secret = file.Read(out bool wasOpen);
        if (secret is null && !known.Any(key => key.OpensEverything))
        {
            secret = AdminKeyFile.NewSecret();
            file.Write(secret);
            ApiLog.KeyCreated(log, file.Path);
        }

        if (wasOpen)
        {
            ApiLog.KeyFileWasOpen(log, file.Path);
            _fault = $"Others could read {file.Path} until now; make the admin key anew: POST /api/v1/keys/ID/rotate.";
        }

        Keep(known);
        if (secret is not null && Adopt(known, secret, unreadable) is { } failure)
        {
            ApiLog.KeysNotStored(log, failure, file.Path);
        }

        return base.StartAsync(cancellationToken);
    }

    /// <summary>The key of this secret; null: there is none.</summary>
    public ApiKey? Find(ReadOnlySpan<char> secret)
    {
        if (secret.Length is 0 or > AdminKeyFile.MaxKeyLength)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(secret, hash);
        return _keys.TryGetValue(BinaryPrimitives.ReadUInt64BigEndian(hash), out ApiKey? key) && CryptographicOperations.FixedTimeEquals(hash, key.Hash) ? key : null;
    }

    public ApiKey? Find(long id) => _keys.Values.FirstOrDefault(key => key.Id == id);

    /// <summary>Makes a key. The secret is told this once.</summary>
    public (ApiKey Key, string Secret)? Create(string name, ScopeSet scopes, IReadOnlyList<Prefix> networks, DateTimeOffset? expiry, out KeyRefusal? refusal)
    {
        lock (_editing)
        {
            IReadOnlyList<ApiKey> keys = All;
            refusal = keys.Any(key => string.Equals(key.Name, name, StringComparison.Ordinal)) ? new KeyRefusal($"There is a key named '{name}'; delete it first, or take another name.")
                : keys.Count >= options.Value.MaxKeys ? new KeyRefusal($"There are {keys.Count} keys; delete some, or raise api.max_keys.")
                : null;
            if (refusal is not null)
            {
                return null;
            }

            string secret = AdminKeyFile.NewSecret();
            ApiKey made = new(NextId(keys), name, Hash(secret), secret[..LeadLength], scopes, networks, Now(), expiry, null);
            refusal = Stored(store.Put(made));
            if (refusal is not null)
            {
                return null;
            }

            Keep([.. keys, made]);
            return (made, secret);
        }
    }

    /// <summary>Gives a key a new secret; the old one is worth nothing from then on. That of the admin key goes into its file, too.</summary>
    public (ApiKey Key, string Secret)? Rotate(long id, out KeyRefusal? refusal)
    {
        lock (_editing)
        {
            refusal = null;
            if (Find(id) is not { } key)
            {
                return null;
            }

            string secret = AdminKeyFile.NewSecret();
            ApiKey rotated = key.WithSecret(Hash(secret), secret[..LeadLength]);
            try
            {
                if (InFile(key))
                {
                    file.Write(secret);
                    Volatile.Write(ref _fault, null);
                }
                else if (Stored(store.Put(rotated)) is { } unstored)
                {
                    refusal = unstored;
                    return null;
                }
            }
            catch (KeyFileException failure)
            {
                refusal = new KeyRefusal(failure.Message, Unable: true);
                return null;
            }

            // What is in the file is good at the next start, whether or not the database took it.
            if (InFile(key) && store.Put(rotated) is { } why)
            {
                ApiLog.KeysNotStored(log, why, file.Path);
            }

            Keep([.. All.Where(other => other.Id != id), rotated]);
            return (rotated, secret);
        }
    }

    /// <summary>False: there is no such key, or the refusal says why it stays.</summary>
    public bool Remove(long id, out KeyRefusal? refusal)
    {
        lock (_editing)
        {
            refusal = null;
            if (Find(id) is not { } key)
            {
                return false;
            }

            if (key.OpensEverything && !All.Any(other => other.Id != id && other.OpensEverything))
            {
                refusal = new KeyRefusal($"'{key.Name}' is the last key with the scope admin, without an end and for any network; without it nobody could come in. Make another first.");
                return false;
            }

            try
            {
                if (InFile(key))
                {
                    file.Delete();
                }
            }
            catch (KeyFileException failure)
            {
                refusal = new KeyRefusal(failure.Message, Unable: true);
                return false;
            }

            refusal = Stored(store.Remove(id));
            if (refusal is not null)
            {
                return false;
            }

            Keep([.. All.Where(other => other.Id != id)]);
            return true;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        StoreLastUses();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(StoreUses, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            StoreLastUses();
        }
    }

    // A use that could not be noted is noted with the next one.
    private void StoreLastUses()
    {
        List<(long, long)> uses = [.. _keys.Values.Select(key => (key.Id, Used: key.TakeUnstored())).Where(use => use.Used is not null).Select(use => (use.Id, use.Used!.Value))];
        if (uses.Count > 0)
        {
            store.Used(uses);
        }
    }

    /// <summary>The key in the file is the admin key, whatever the database says. Returns why it could not be stored; null: it is.</summary>
    private string? Adopt(IReadOnlyList<ApiKey> known, string secret, string? unreadable)
    {
        ApiKey? before = known.FirstOrDefault(key => string.Equals(key.Name, AdminName, StringComparison.Ordinal));
        byte[] hash = Hash(secret);
        if (before is { OpensEverything: true } && before.Hash.SequenceEqual(hash) && before.Lead.Length > 0)
        {
            return null;
        }

        long id = before?.Id ?? NextId(known);
        ApiKey admin = new(id, AdminName, hash, secret[..LeadLength], ScopeSet.Admin, [], before?.Created ?? Now(), null, before?.LastUsed);
        Keep([.. known.Where(key => key.Id != id), admin]);
        return unreadable ?? store.Put(admin);
    }

    private long NextId(IReadOnlyList<ApiKey> known) => Math.Max(store.LastId(), known.Select(key => key.Id).DefaultIfEmpty().Max()) + 1;

    private bool InFile(ApiKey key) => string.Equals(key.Name, AdminName, StringComparison.Ordinal) && File.Exists(file.Path);

    private void Keep(IEnumerable<ApiKey> keys) => _keys = keys.ToFrozenDictionary(key => BinaryPrimitives.ReadUInt64BigEndian(key.Hash));

    private static KeyRefusal? Stored(string? why) => why is null ? null : new KeyRefusal($"Keys cannot be stored ({why}); nothing was changed.", Unable: true);

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private static byte[] Hash(string secret)
    {
        byte[] hash = new byte[SHA256.HashSizeInBytes];
        Hash(secret, hash);
        return hash;
    }

    private static void Hash(ReadOnlySpan<char> secret, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(AdminKeyFile.MaxKeyLength)];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(secret, bytes)], hash);
    }
}
