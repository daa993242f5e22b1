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
        if (await ReadAsync(stream, cancellation) is not MultistreamLine.Hello)
        {
            throw new MeshException("The other side does not speak multistream-select.");
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
        string? hello = await ReadAsync(stream, cancellation);
        if (hello is null)
        {
            return null;
        }

        if (hello is not MultistreamLine.Hello)
        {
            throw new MeshException("The other side does not speak multistream-select.");
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

    // Null at the end of the stream.
    private static async ValueTask<string?> ReadAsync(IDuplex stream, CancellationToken cancellation)
    {
        int length = await stream.ReadLengthAsync(MultistreamLine.MaxLength, cancellation);
        if (length < 0)
        {
            return null;
        }

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
