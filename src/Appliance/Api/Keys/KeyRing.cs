using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Config;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Api.Keys;

/// <summary>Knows every key. Makes the admin key at the first start, and never lets the last key go that opens everything. Thread-safe.</summary>
internal sealed class KeyRing(KeyStore store, AdminKeyFile file, IOptions<ApiOptions> options, TimeProvider time, ILogger<KeyRing> log) : BackgroundService, IHealthSource, IReloadable
{
    public const string AdminName = "admin";
    private const int LeadLength = 11;
    private static readonly TimeSpan StoreUses = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _editing = new(1);

    // By the first bytes of the hash, which nobody can choose: how long a look-up takes tells nothing of any key.
    private FrozenDictionary<ulong, ApiKey> _keys = FrozenDictionary<ulong, ApiKey>.Empty;
    private string? _fault;
    private long _lastId;

    public string Name => "admin-key";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault);

    public IReadOnlyList<ApiKey> All => [.. _keys.Values.OrderBy(key => key.Id)];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<ApiKey> known, _lastId, string? unreadable) = ReadStore();
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
        if (secret is not null && await AdoptAsync(known, secret) is { } failure)
        {
            ApiLog.KeysNotStored(log, unreadable ?? failure, file.Path);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>The key in admin.key is the admin key from now on.</summary>
    public IReadOnlyList<string> Reload()
    {
        _editing.Wait();
        try
        {
            if (file.Read(out bool wasOpen) is not { } secret)
            {
                return [$"There is no key in {file.Path}; the admin key stays as it is."];
            }

            string? failure = AdoptAsync([.. _keys.Values], secret).GetAwaiter().GetResult();
            return [.. new[] { failure, wasOpen ? $"Others could read {file.Path} until now; make the admin key anew." : null }.OfType<string>()];
        }
        catch (KeyFileException unreadable)
        {
            return [unreadable.Message];
        }
        finally
        {
            _editing.Release();
        }
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

    /// <summary>Makes a key.</summary>
    public Task<KeyOutcome> CreateAsync(string name, ScopeSet scopes, IReadOnlyList<Prefix> networks, DateTimeOffset? expiry) => EditAsync(async () =>
    {
        IReadOnlyList<ApiKey> keys = All;
        if (keys.Any(key => string.Equals(key.Name, name, StringComparison.Ordinal)))
        {
            return Refused(new KeyRefusal($"There is a key named '{name}'; delete it first, or take another name."));
        }

        if (keys.Count >= options.Value.MaxKeys)
        {
            return Refused(new KeyRefusal($"There are {keys.Count} keys; delete some, or raise api.max_keys."));
        }

        string secret = AdminKeyFile.NewSecret();
        ApiKey made = new(_lastId + 1, name, Hash(secret), secret[..LeadLength], scopes, networks, Now(), expiry, null);
        await store.PutAsync(made);
        _lastId = made.Id;
        Keep([.. keys, made]);
        return new KeyOutcome(made, secret);
    });

    /// <summary>Gives a key a new secret; the old one is worth nothing from then on. That of the admin key goes into its file, too.</summary>
    public Task<KeyOutcome> RotateAsync(long id) => EditAsync(async () =>
    {
        if (Find(id) is not { } key)
        {
            return new KeyOutcome(null);
        }

        string secret = AdminKeyFile.NewSecret();
        ApiKey rotated = key.WithSecret(Hash(secret), secret[..LeadLength]);
        if (InFile(key))
        {
            file.Write(secret);
            Volatile.Write(ref _fault, null);
            if (await StoreAsync(rotated) is { } why)
            {
                // The secret in the file is valid at the next start, even if the database did not store it.
                ApiLog.KeysNotStored(log, why, file.Path);
            }
        }
        else
        {
            await store.PutAsync(rotated);
        }

        Keep([.. All.Where(other => other.Id != id), rotated]);
        return new KeyOutcome(rotated, secret);
    });

    /// <summary>Takes a key away.</summary>
    public Task<KeyOutcome> RemoveAsync(long id) => EditAsync(async () =>
    {
        if (Find(id) is not { } key)
        {
            return new KeyOutcome(null);
        }

        if (key.OpensEverything && !All.Any(other => other.Id != id && other.OpensEverything))
        {
            return Refused(new KeyRefusal($"'{key.Name}' is the last key with the scope admin, without an end and for any network; without it nobody could administer the appliance. Make another first."));
        }

        if (InFile(key))
        {
            file.Delete();
        }

        await store.RemoveAsync(id);
        Keep([.. All.Where(other => other.Id != id)]);
        return new KeyOutcome(key);
    });

    public override void Dispose()
    {
        _editing.Dispose();
        base.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StoreLastUsesAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(StoreUses, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await StoreLastUsesAsync();
        }
    }

    private (IReadOnlyList<ApiKey> Keys, long LastId, string? Why) ReadStore()
    {
        try
        {
            (IReadOnlyList<ApiKey> keys, long last) = store.Read();
            return (keys, last, null);
        }
        catch (StoreException failure)
        {
            return ([], 0, failure.Message);
        }
    }

    /// <summary>Changes run one at a time; a change that waits for the disk does not block look-ups.</summary>
    private async Task<KeyOutcome> EditAsync(Func<Task<KeyOutcome>> edit)
    {
        await _editing.WaitAsync();
        try
        {
            return await edit();
        }
        catch (StoreException failure)
        {
            return Refused(new KeyRefusal($"Keys cannot be stored ({failure.Message}); nothing was changed.", Unable: true));
        }
        catch (KeyFileException failure)
        {
            return Refused(new KeyRefusal(failure.Message, Unable: true));
        }
        finally
        {
            _editing.Release();
        }
    }

    private static KeyOutcome Refused(KeyRefusal refusal) => new(null, null, refusal);

    private async Task StoreLastUsesAsync()
    {
        List<(long, long)> uses = [.. _keys.Values.Select(key => (key.Id, Used: key.TakeUnstored())).Where(use => use.Used is not null).Select(use => (use.Id, use.Used!.Value))];
        if (uses.Count == 0)
        {
            return;
        }

        try
        {
            await store.UsedAsync(uses);
        }
        catch (StoreException)
        {
            // The next use of the key is written again, and health reports what the disk refuses.
        }
    }

    /// <summary>The key in the file is the admin key, whatever the database says. Returns why it could not be stored; null: it is.</summary>
    private async Task<string?> AdoptAsync(IReadOnlyList<ApiKey> known, string secret)
    {
        ApiKey? before = known.FirstOrDefault(key => string.Equals(key.Name, AdminName, StringComparison.Ordinal));
        byte[] hash = Hash(secret);
        if (before is { OpensEverything: true } && before.Hash.SequenceEqual(hash) && before.Lead.Length > 0)
        {
            return null;
        }

        long id = before?.Id ?? ++_lastId;
        ApiKey admin = new(id, AdminName, hash, secret[..LeadLength], ScopeSet.Admin, [], before?.Created ?? Now(), null, before?.LastUsed);
        Keep([.. known.Where(key => key.Id != id), admin]);
        return await StoreAsync(admin);
    }

    /// <summary>Null: it is stored; else why not.</summary>
    private async Task<string?> StoreAsync(ApiKey key)
    {
        try
        {
            await store.PutAsync(key);
            return null;
        }
        catch (StoreException failure)
        {
            return failure.Message;
        }
    }

    private bool InFile(ApiKey key) => string.Equals(key.Name, AdminName, StringComparison.Ordinal) && File.Exists(file.Path);

    private void Keep(IEnumerable<ApiKey> keys) => _keys = keys.ToFrozenDictionary(key => BinaryPrimitives.ReadUInt64BigEndian(key.Hash));

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
