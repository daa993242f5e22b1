using Blackwall.Tarpit.HostChannel.Wire;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// What the tarpit may do with the archive of visitors: bring values, part by part, and ask for those under a key. One value at a time is received for each
/// of a few keys; answers go out one after the other.
/// </summary>
internal sealed class VisitorChannel(VisitorArchive archive, Func<byte[], CancellationToken, Task> send) : IDisposable
{
    private const int MostIncoming = 16;
    private const int MostWaiting = 256;

    private readonly Dictionary<string, (long Length, MemoryStream Content)> _incoming = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _waiting;

    /// <summary>Tells which keys there are.</summary>
    public async Task SendKeysAsync(CancellationToken cancellation)
    {
        foreach (byte[][] part in archive.Keys.Chunk(Frame.LargestPayload / VisitorArchive.KeyLength))
        {
            await send(new Frame(FrameKind.VisitorKeys, 0, part.SelectMany(key => key).ToArray()).ToArray(), cancellation);
        }
    }

    /// <summary>A part of a value. False: it is malformed.</summary>
    public bool TryAdd(ReadOnlySpan<byte> payload)
    {
        if (!FilePart.TryRead(payload, out FilePart part) || part.Length is 0 or > VisitorArchive.LargestValue)
        {
            return false;
        }

        string key = Convert.ToHexStringLower(part.Hash);
        if (part.Offset == 0)
        {
            if (_incoming.Count >= MostIncoming && !_incoming.ContainsKey(key))
            {
                _incoming.Clear();
            }

            // Room is made for what comes, not for what is announced.
            _incoming[key] = (part.Length, new MemoryStream());
        }

        if (!_incoming.TryGetValue(key, out (long Length, MemoryStream Content) value) || part.Length != value.Length || part.Offset != value.Content.Length)
        {
            return false;
        }

        value.Content.Write(part.Bytes);
        if (value.Content.Length < value.Length)
        {
            return true;
        }

        _incoming.Remove(key);
        archive.Save(part.Hash.ToArray(), value.Content.ToArray());
        return true;
    }

    /// <summary>Answers a question for a key in the background. False: it is malformed, or too many wait.</summary>
    public bool TryAnswer(ReadOnlySpan<byte> payload, CancellationToken cancellation)
    {
        if (payload.Length != VisitorArchive.KeyLength || Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            if (payload.Length == VisitorArchive.KeyLength)
            {
                Interlocked.Decrement(ref _waiting);
            }

            return false;
        }

        _ = AnswerAsync(payload.ToArray(), cancellation);
        return true;
    }

    public void Dispose() => _turn.Dispose();

    private async Task AnswerAsync(byte[] key, CancellationToken cancellation)
    {
        try
        {
            await _turn.WaitAsync(cancellation);
            try
            {
                byte[] value = await archive.LoadAsync(key, cancellation) ?? [];
                int offset = 0;
                do
                {
                    int length = Math.Min(value.Length - offset, FilePart.LargestPart);
                    await send(new Frame(FrameKind.VisitorAnswer, 0, new FilePart(key, value.Length, offset, value.AsSpan(offset, length)).ToArray()).ToArray(), cancellation);
                    offset += length;
                }
                while (offset < value.Length);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // The tarpit is gone.
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
