using System.Buffers.Binary;
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

    private const int QuestionBytes = 8;

    /// <summary>Reads the question: the time from which on messages are wanted, in seconds (big-endian).</summary>
    public static async Task<DateTimeOffset> ReadQuestionAsync(IMeshStream stream, CancellationToken cancellation)
    {
        if (await stream.ReadMessageAsync(QuestionBytes, cancellation).ConfigureAwait(false) is not { Length: QuestionBytes } question)
        {
            throw new InvalidDataException("The question for messages has another length.");
        }

        long seconds = Math.Clamp(BinaryPrimitives.ReadInt64BigEndian(question), 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        return DateTimeOffset.FromUnixTimeSeconds(seconds);
    }

    /// <summary>Answers it.</summary>
    /// <param name="stream">Of the peer that asks.</param>
    /// <param name="messages">At most <see cref="Most"/> are given.</param>
    /// <param name="pace">Waits until so many bytes may be sent.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task GiveAsync(IMeshStream stream, IEnumerable<SignedIndicator> messages, Func<int, Task> pace, CancellationToken cancellation)
    {
        foreach (SignedIndicator signed in messages.Take(Most))
        {
            await pace(signed.Bytes.Length).ConfigureAwait(false);
            await stream.WriteMessageAsync(signed.Bytes, cancellation).ConfigureAwait(false);
        }

        await stream.CloseWriteAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks, and reads messages until the end or the most that are taken. Throws <see cref="InvalidDataException"/> at one that is too long.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> TakeAsync(IMeshStream stream, DateTimeOffset after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        byte[] question = new byte[QuestionBytes];
        BinaryPrimitives.WriteInt64BigEndian(question, after.ToUnixTimeSeconds());
        await stream.WriteMessageAsync(question, cancellation).ConfigureAwait(false);
        await stream.CloseWriteAsync(cancellation).ConfigureAwait(false);
        for (int count = 0; count < Most && await stream.ReadMessageAsync(SignedIndicator.MaxLength, cancellation).ConfigureAwait(false) is { } message; count++)
        {
            yield return message;
        }
    }
}
