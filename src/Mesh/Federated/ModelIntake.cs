using System.Security.Cryptography;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Federated;

/// <summary>
/// Puts model updates together from their parts, of contributors that are heard, within a rate: one update of a model and round from each. Not thread-safe.
/// </summary>
/// <param name="mayContribute">Whether an author is heard: a sensor of the same operator, or one with a reputation.</param>
/// <param name="partsPerHour">Parts of one author that are taken in an hour.</param>
public sealed class ModelIntake(Func<PeerId, DateTimeOffset, bool> mayContribute, int partsPerHour = 64)
{
    private const int MaxOpen = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Indicators.AuthorQuota _quota = new(partsPerHour, 4096);
    private readonly Dictionary<(PeerId Author, string Model), OpenUpdate> _open = [];
    private readonly Dictionary<(PeerId Author, string Model), ulong> _rounds = [];

    /// <summary>Takes a part whose signature holds.</summary>
    /// <param name="part">The part.</param>
    /// <param name="now">The time.</param>
    /// <param name="update">The update that it makes whole; null: parts are missing.</param>
    /// <returns>False: it is refused.</returns>
    public bool TryTake(ModelUpdatePart part, DateTimeOffset now, out ModelUpdate? update)
    {
        update = null;
        (PeerId Author, string Model) key = (part.Author, part.Model);
        if (!mayContribute(part.Author, now) || (_rounds.TryGetValue(key, out ulong done) && part.Round <= done) || !_quota.TryTake(part.Author, now))
        {
            return false;
        }

        if (!_open.TryGetValue(key, out OpenUpdate? open) || open.Round < part.Round)
        {
            MakeRoom(now);
            _open[key] = open = new OpenUpdate(part, now);
        }

        if (!open.TryAdd(part))
        {
            return false;
        }

        if (open.Whole() is { } payload)
        {
            _open.Remove(key);
            if (!SHA256.HashData(payload).AsSpan().SequenceEqual(part.Digest.Span))
            {
                return false;
            }

            if (_rounds.Count >= 4096)
            {
                _rounds.Clear();
            }

            _rounds[key] = part.Round;
            update = new ModelUpdate(part.Author, part.Model, part.Round, part.Samples, payload);
        }

        return true;
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach ((PeerId, string) late in _open.Where(pair => now - pair.Value.Began > Patience).Select(pair => pair.Key).ToArray())
        {
            _open.Remove(late);
        }

        if (_open.Count >= MaxOpen)
        {
            _open.Remove(_open.MinBy(pair => pair.Value.Began).Key);
        }
    }

    private sealed class OpenUpdate(ModelUpdatePart first, DateTimeOffset began)
    {
        private readonly ReadOnlyMemory<byte>?[] _parts = new ReadOnlyMemory<byte>?[first.Parts];

        public DateTimeOffset Began => began;

        public ulong Round => first.Round;

        public bool TryAdd(ModelUpdatePart part)
        {
            if (part.Round != first.Round || part.Parts != first.Parts || part.Samples != first.Samples || !part.Digest.Span.SequenceEqual(first.Digest.Span) || _parts[part.Part] is not null)
            {
                return false;
            }

            _parts[part.Part] = part.Payload;
            return true;
        }

        public byte[]? Whole() => Array.TrueForAll(_parts, part => part is not null) ? [.. _parts.SelectMany(part => part!.Value.ToArray())] : null;
    }
}
