using System.Runtime.CompilerServices;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Sharing;

/// <summary>
/// What a peer knows, for one that was not there: the last messages as their authors signed them, each after its length (varint), until the end of the stream. They are
/// judged like any other.
/// </summary>
internal static class SyncProtocol
{
    /// <summary>Messages that are given and taken at most.</summary>
    public const int Most = 1024;

    public static async Task GiveAsync(IMeshStream stream, IEnumerable<SignedIndicator> messages, CancellationToken cancellation)
    {
        foreach (SignedIndicator signed in messages.Take(Most))
        {
            await stream.WriteMessageAsync(signed.Bytes, cancellation).ConfigureAwait(false);
        }

        await stream.CloseWriteAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads messages until the end, or the most that are taken. Throws <see cref="InvalidDataException"/> at one that is too long.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> TakeAsync(IMeshStream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int count = 0; count < Most && await stream.ReadMessageAsync(SignedIndicator.MaxLength, cancellation).ConfigureAwait(false) is { } message; count++)
        {
            yield return message;
        }
    }
}
