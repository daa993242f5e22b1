using System.Globalization;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Http.Wire;

namespace Blackwall.Tarpit.Http.Face;

/// <summary>Reads bodies of requests, within a limit for each and the one for all that peers are in the middle of sending.</summary>
internal sealed class BodyReader(long mostOfOne)
{
    private const int SomeBytes = 16 * 1024;

    /// <summary>Reads a body.</summary>
    /// <param name="memory">Where room for it is taken; the caller gives it back when the request is answered.</param>
    /// <returns>The body, and 0 or the status that it is refused with.</returns>
    /// <exception cref="IOException">The peer ended before the body did.</exception>
    public async ValueTask<(ReadOnlyMemory<byte> Body, int Refusal)> ReadAsync(RequestReader reader, RequestHead head, PeerMemory memory, CancellationToken cancellation)
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
        while (isChunked ? !chunks.IsDone : body.Length < length)
        {
            ReadOnlyMemory<byte> some = await reader.ReadSomeAsync((int)Math.Min(SomeBytes, length - body.Length), cancellation);
            if (some.IsEmpty)
            {
                throw new IOException("The body ends too early.");
            }

            if (!memory.TryTake(some.Length))
            {
                return (default, 413);
            }

            if (Add(body, some.Span, isChunked, ref chunks, out int unused) is var refusal and not 0)
            {
                return (default, refusal);
            }

            reader.Return(unused);
        }

        return (body.GetBuffer().AsMemory(0, (int)body.Length), 0);
    }

    private int Add(MemoryStream body, ReadOnlySpan<byte> some, bool isChunked, ref ChunkedReader chunks, out int unused)
    {
        unused = 0;
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
                return chunks.IsTooLong ? 413 : 400;
            }

            unused = some.Length;
        }

        return body.Length > mostOfOne ? 413 : 0;
    }
}
