using System.Text.Json;
using Blackwall.Storage;
using Blackwall.Tarpit;
using Blackwall.Tarpit.HostChannel;
using Microsoft.Extensions.Options;

namespace Blackwall.Bridges.Tarpit;

/// <summary>Who the tarpit of this installation is, kept in the state folder for the owner alone (0600), so that it is the same machine after a restart.</summary>
internal sealed class TarpitIdentityFile(IOptions<StorageOptions> storage, TimeProvider time)
{

    private readonly Lock _lock = new();

    private string Path => System.IO.Path.Combine(storage.Value.StateFolder, "tarpit.identity");

    /// <summary>Reads it, or makes it.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public TarpitIdentity ReadOrCreate()
    {
        lock (_lock)
        {
            return Read() ?? Write(TarpitIdentity.Create(time));
        }
    }

    private TarpitIdentity? Read()
    {
        if (File.Exists(Path))
        {
            try
            {
                if (JsonSerializer.Deserialize(File.ReadAllBytes(Path), ChannelJson.Default.TarpitIdentity) is { } known)
                {
                    TarpitIdentity whole = TarpitIdentity.Complete(known);
                    return ReferenceEquals(whole, known) ? known : Write(whole);
                }
            }
            catch (JsonException)
            {
                // Cut short: a new one is made.
            }
        }

        return null;
    }

    private TarpitIdentity Write(TarpitIdentity made)
    {
        WholeFile.Write(Path, JsonSerializer.SerializeToUtf8Bytes(made, ChannelJson.Default.TarpitIdentity));
        return made;
    }
}
