using System.Collections.Concurrent;
using Blackwall.Tarpit.HostChannel.Wire;
using Blackwall.Tarpit.Visiting;

namespace Blackwall.Tarpit.HostChannel;

/// <summary>What visitors left, kept by the host: it says at the start which keys it has, and is asked for values.</summary>
/// <param name="send">Queues a message.</param>
internal sealed class HostVisitorStore(Action<FrameKind, byte[]> send, TimeProvider time) : IVisitorStore
{
    private const int MostKeys = 200_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, bool> _there = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Incoming> _questions = new(StringComparer.Ordinal);

    public async ValueTask<byte[]?> LoadAsync(byte[] key, CancellationToken cancellation)
    {
        string name = Convert.ToHexString(key);
        if (!_there.ContainsKey(name))
        {
            return null;
        }

        // Who asks second waits for the answer to the first.
        Incoming question = _questions.GetOrAdd(name, _ => new Incoming());
        send(FrameKind.VisitorQuestion, key);
        try
        {
            return await question.Done.Task.WaitAsync(s_patience, time, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _questions.TryRemove(name, out _);
        }
    }

    public bool Has(byte[] key) => _there.ContainsKey(Convert.ToHexString(key));

    public void Save(byte[] key, byte[] value)
    {
        if (_there.Count < MostKeys)
        {
            _there[Convert.ToHexString(key)] = true;
        }

        int offset = 0;
        do
        {
            int length = Math.Min(value.Length - offset, FilePart.LargestPart);
            send(FrameKind.VisitorPart, new FilePart(key, value.Length, offset, value.AsSpan(offset, length)).ToArray());
            offset += length;
        }
        while (offset < value.Length);
    }

    /// <summary>The host says which keys it has.</summary>
    public void AddKeys(ReadOnlySpan<byte> keys)
    {
        for (; keys.Length >= FilePart.HashLength && _there.Count < MostKeys; keys = keys[FilePart.HashLength..])
        {
            _there[Convert.ToHexString(keys[..FilePart.HashLength])] = true;
        }
    }

    /// <summary>A part of a value that was asked for.</summary>
    public void Receive(ReadOnlySpan<byte> payload)
    {
        if (!FilePart.TryRead(payload, out FilePart part) || part.Length > VisitorRecord.Largest || !_questions.TryGetValue(Convert.ToHexString(part.Hash), out Incoming? question))
        {
            return;
        }

        if (question.Add(part) is { } whole)
        {
            question.Done.TrySetResult(whole);
        }
    }

    private sealed class Incoming
    {
        private readonly Lock _lock = new();
        private byte[] _content = [];
        private int _length;

        public TaskCompletionSource<byte[]?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // The whole value, when the last part of it came.
        public byte[]? Add(FilePart part)
        {
            lock (_lock)
            {
                if (part.Offset == 0)
                {
                    (_content, _length) = (new byte[part.Length], 0);
                }

                if (part.Offset != _length || part.Length != _content.Length)
                {
                    return null;
                }

                part.Bytes.CopyTo(_content.AsSpan(_length));
                _length += part.Bytes.Length;
                return _length == _content.Length ? _content : null;
            }
        }
    }
}
