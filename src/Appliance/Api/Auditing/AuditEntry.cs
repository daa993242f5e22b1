using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Api.Auditing;

/// <summary>One thing that somebody changed, or was refused.</summary>
/// <param name="Time">When; whole milliseconds are kept.</param>
/// <param name="Actor">Name of the key.</param>
/// <param name="Key">Its id; 0: none.</param>
/// <param name="Remote">Address that called; empty: not over IP.</param>
/// <param name="Action">Name of the API operation.</param>
/// <param name="Subject">Path that was called.</param>
/// <param name="Status">HTTP status of the answer: below 300 it was done.</param>
/// <param name="Detail">Why it was refused.</param>
/// <param name="Before">JSON of what was there; null: nothing.</param>
/// <param name="After">JSON of what is there now; null: nothing.</param>
/// <param name="Trace">Finds the request in the log.</param>
public sealed record AuditEntry(DateTimeOffset Time, string Actor, long Key, string Remote, string Action, string Subject, int Status, string? Detail, string? Before, string? After, string Trace)
{
    /// <summary>
    /// SHA-256 over the hash of the row before (32 bytes; zeros for the first), the row's number, time (ms since 1970), key and status (8 bytes
    /// each, big-endian), and actor, remote, action, subject, detail, before, after and trace: each its length in UTF-8 (4 bytes,
    /// big-endian; ffffffff for null), then its bytes.
    /// </summary>
    public byte[] HashAfter(ReadOnlySpan<byte> previous, long sequence)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        Span<byte> number = stackalloc byte[8];
        foreach (long value in (ReadOnlySpan<long>)[sequence, Time.ToUnixTimeMilliseconds(), Key, Status])
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            hash.AppendData(number);
        }

        foreach (string? text in (ReadOnlySpan<string?>)[Actor, Remote, Action, Subject, Detail, Before, After, Trace])
        {
            byte[] bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(number, text is null ? -1 : bytes.Length);
            hash.AppendData(number[..4]);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
