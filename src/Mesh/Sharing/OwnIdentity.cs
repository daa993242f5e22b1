using System.Buffers.Binary;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Sybil;

namespace Blackwall.Mesh.Sharing;

/// <summary>The work that our own identity owes, done once in a period and kept.</summary>
internal sealed class OwnIdentity(PeerId self, IdentityProof? proof, string path)
{
    private readonly StateFile _file = new(path, 1024);

    /// <summary>Period and nonce; null: the work is not done yet.</summary>
    public (ulong Period, ulong Nonce)? Work { get; private set; } = proof is null ? (0, 0) : null;

    /// <summary>Does what is missing; takes seconds.</summary>
    public async Task ProveAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (proof is null)
        {
            return;
        }

        ulong period = IdentityProof.PeriodOf(now);
        if (Work is { } done && done.Period >= period)
        {
            return;
        }

        if (_file.Load(out _) is { Length: 16 } stored && BinaryPrimitives.ReadUInt64BigEndian(stored) == period && proof.MayHold(self, period, BinaryPrimitives.ReadUInt64BigEndian(stored.AsSpan(8))))
        {
            Work = (period, BinaryPrimitives.ReadUInt64BigEndian(stored.AsSpan(8)));
            return;
        }

        ulong nonce = await Task.Run(() => proof.Find(self, period, cancellation), cancellation).ConfigureAwait(false);
        byte[] content = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(content, period);
        BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(8), nonce);
        _file.Save(content);
        Work = (period, nonce);
    }
}
