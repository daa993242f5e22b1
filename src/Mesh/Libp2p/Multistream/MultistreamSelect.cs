using System.Buffers;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Mesh.Libp2p.Multistream;

/// <summary>Agrees on a protocol for a stream (multistream-select 1.0). Reads no byte beyond the agreement.</summary>
internal static class MultistreamSelect
{
    // More than any implementation proposes; each costs an answer.
    private const int MaxProposals = 64;

    /// <summary>Proposes these in turn and returns what the other side takes. Throws <see cref="MeshException"/> where it takes none.</summary>
    public static async ValueTask<string> ProposeAsync(IDuplex stream, IReadOnlyList<string> protocols, CancellationToken cancellation)
    {
        await stream.WriteAsync(MultistreamLine.Encode(MultistreamLine.Hello, protocols[0]), cancellation);
        if (!await ReadHelloAsync(stream, cancellation))
        {
            throw new MeshException("The other side closed instead of answering.");
        }

        for (int at = 0; ;)
        {
            string? answer = await ReadAsync(stream, cancellation);
            if (string.Equals(answer, protocols[at], StringComparison.Ordinal))
            {
                return protocols[at];
            }

            if (answer is not MultistreamLine.NotAvailable)
            {
                throw new MeshException("The other side answered a proposal with something else.");
            }

            if (++at == protocols.Count)
            {
                throw new MeshException($"The other side knows none of {string.Join(", ", protocols)}.");
            }

            await stream.WriteAsync(MultistreamLine.Encode(protocols[at]), cancellation);
        }
    }

    /// <summary>Answers proposals until one is known, and returns that; null when the other side gave up. Throws <see cref="MeshException"/> on a breach.</summary>
    public static async ValueTask<string?> AnswerAsync(IDuplex stream, Func<string, bool> known, CancellationToken cancellation)
    {
        if (!await ReadHelloAsync(stream, cancellation))
        {
            return null;
        }

        await stream.WriteAsync(MultistreamLine.Encode(MultistreamLine.Hello), cancellation);
        for (int proposals = 0; proposals < MaxProposals; proposals++)
        {
            string? proposal = await ReadAsync(stream, cancellation);
            if (proposal is null)
            {
                return null;
            }

            bool taken = known(proposal);
            await stream.WriteAsync(MultistreamLine.Encode(taken ? proposal : MultistreamLine.NotAvailable), cancellation);
            if (taken)
            {
                return proposal;
            }
        }

        throw new MeshException($"The other side made {MaxProposals} proposals that are not known.");
    }

    // False at the end of the stream. Another protocol's greeting is known by its first byte: the rest of what that would promise is not waited for.
    private static async ValueTask<bool> ReadHelloAsync(IDuplex stream, CancellationToken cancellation)
    {
        int length = await stream.ReadLengthAsync(MultistreamLine.MaxLength, cancellation);
        if (length < 0)
        {
            return false;
        }

        return length == MultistreamLine.Hello.Length + 1 && await ReadLineAsync(stream, length, cancellation) is MultistreamLine.Hello
            ? true
            : throw new MeshException("The other side does not speak multistream-select.");
    }

    // Null at the end of the stream.
    private static async ValueTask<string?> ReadAsync(IDuplex stream, CancellationToken cancellation) =>
        await stream.ReadLengthAsync(MultistreamLine.MaxLength, cancellation) is >= 0 and var length ? await ReadLineAsync(stream, length, cancellation) : null;

    private static async ValueTask<string> ReadLineAsync(IDuplex stream, int length, CancellationToken cancellation)
    {
        byte[] line = ArrayPool<byte>.Shared.Rent(MultistreamLine.MaxLength);
        try
        {
            await stream.ReadExactlyAsync(line.AsMemory(0, length), cancellation);
            return MultistreamLine.Decode(line.AsSpan(0, length)) ?? throw new InvalidDataException("A line of multistream-select that is no line.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(line);
        }
    }
}
