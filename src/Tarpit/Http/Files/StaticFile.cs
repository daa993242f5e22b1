using System.Globalization;

namespace Blackwall.Tarpit.Http.Files;

/// <summary>A file below the web root.</summary>
/// <param name="ContentType">Null: its name says nothing.</param>
internal sealed record StaticFile(ReadOnlyMemory<byte> Content, DateTimeOffset Modified, string? ContentType)
{
    /// <summary>FileETag MTime Size: both in hexadecimal digits, the time in microseconds.</summary>
    public string Tag => string.Create(CultureInfo.InvariantCulture, $"\"{Content.Length:x}-{(Modified - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond:x}\"");
}
