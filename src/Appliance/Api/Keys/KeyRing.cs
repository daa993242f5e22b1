using System.Security.Cryptography;
using System.Text;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Api.Keys;

/// <summary>Knows who holds which key. Makes the admin key at the first start.</summary>
public sealed class KeyRing(KeyStore store, IOptions<StorageOptions> options, TimeProvider time, ILogger<KeyRing> log) : IHostedService
{
    public const string Prefix = "bw_";
    public const string AdminName = "admin";
    private const int MaxKeyLength = 256;

    private IReadOnlyList<(string Name, byte[] Hash)> _keys = [];

    public string AdminKeyPath => Path.Combine(options.Value.StateFolder, "admin.key");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _keys = store.All(out string? unreadable);
        if (!_keys.Any(key => string.Equals(key.Name, AdminName, StringComparison.Ordinal)))
        {
            byte[] hash = Hash(ReadOrMake());
            _keys = [.. _keys, (AdminName, hash)];
            if (unreadable is not null || !store.TryPut(AdminName, hash, time.GetUtcNow(), out unreadable))
            {
                ApiLog.KeysNotStored(log, unreadable!, AdminKeyPath);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The name of the key's holder; null: no such key. Takes as long for any key of a length.</summary>
    public string? HolderOf(ReadOnlySpan<char> key)
    {
        if (key.Length is 0 or > MaxKeyLength)
        {
            return null;
        }

        byte[] hash = Hash(key);
        string? holder = null;
        foreach ((string name, byte[] known) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known))
            {
                holder = name;
            }
        }

        return holder;
    }

    private static byte[] Hash(ReadOnlySpan<char> key)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(key)];
        Encoding.UTF8.GetBytes(key, bytes);
        return SHA256.HashData(bytes);
    }

    /// <summary>The file survives a lost database: its key goes on working.</summary>
    private string ReadOrMake()
    {
        if (File.Exists(AdminKeyPath))
        {
            string kept = File.ReadAllText(AdminKeyPath).Trim();
            if (kept.Length is > 32 and <= MaxKeyLength && kept.StartsWith(Prefix, StringComparison.Ordinal))
            {
                return kept;
            }
        }

        string key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

        // The mode is given when the file is made: there is no moment at which others can read it.
        File.Delete(AdminKeyPath);
        using FileStream file = new(AdminKeyPath, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(Encoding.UTF8.GetBytes(key + "\n"));
        ApiLog.KeyCreated(log, AdminKeyPath);
        return key;
    }
}
