using System.Globalization;
using Blackwall.Tarpit.Http.Wire;

namespace Blackwall.Tarpit.Http.Face;

/// <summary>Reads bodies of requests, within a limit for each and one for all together.</summary>
internal sealed class BodyReader(long mostOfOne, long mostOfAll)
{
    private const int SomeBytes = 16 * 1024;

    private long _held;

    /// <summary>Bytes of bodies that are in memory.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Reads a body.</summary>
    /// <returns>The body, and 0 or the status that it is refused with.</returns>
    /// <exception cref="IOException">The peer ended before the body did.</exception>
    public async ValueTask<(ReadOnlyMemory<byte> Body, int Refusal)> ReadAsync(RequestReader reader, RequestHead head, CancellationToken cancellation)
    {
        bool isChunked = head["Transfer-Encoding"] is not null;
        long length = isChunked ? long.MaxValue : long.Parse(head["Content-Length"] ?? "0", CultureInfo.InvariantCulture);
        if (length == 0)
        {
            return (default, 0);
        }

        if (!isChunked && length > mostOfOne)
        {
            return (default, 413);
        }

        using MemoryStream body = new();
        ChunkedReader chunks = default;
        try
        {
            while (isChunked ? !chunks.IsDone : body.Length < length)
            {
                ReadOnlyMemory<byte> some = await reader.ReadSomeAsync((int)Math.Min(SomeBytes, length - body.Length), cancellation);
                if (some.IsEmpty)
                {
                    throw new IOException("The body ends too early.");
                }

                if (Add(body, some.Span, isChunked, ref chunks, out int unused) is var refusal and not 0)
                {
                    return (default, refusal);
                }

                reader.Return(unused);
            }

            return (body.ToArray(), 0);
        }
        finally
        {
            Interlocked.Add(ref _held, -body.Length);
        }
    }

    private int Add(MemoryStream body, ReadOnlySpan<byte> some, bool isChunked, ref ChunkedReader chunks, out int unused)
    {
        unused = 0;
        long before = body.Length;
        if (!isChunked)
        {
            body.Write(some);
        }

        while (isChunked && !some.IsEmpty && !chunks.IsDone)
        {
            int used = chunks.Read(some, out ReadOnlySpan<byte> data);
            body.Write(data);
            some = some[used..];
            if (chunks.IsBad)
            {
                Interlocked.Add(ref _held, body.Length - before);
                return chunks.IsTooLong ? 413 : 400;
            }

            unused = some.Length;
        }

        return Interlocked.Add(ref _held, body.Length - before) > mostOfAll || body.Length > mostOfOne ? 413 : 0;
    }
}
