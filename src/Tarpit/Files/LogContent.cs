using System.Text;

namespace Blackwall.Tarpit.Files;

/// <summary>A log: what somebody left in it, and the lines that programs have written since. It grows as the clock goes.</summary>
/// <param name="kept">What it begins with.</param>
/// <param name="since">Lines later than this are added.</param>
/// <param name="lines">Lines later than a moment, and when the last one was written.</param>
internal sealed class LogContent(string name, byte[] kept, DateTimeOffset since, Func<DateTimeOffset, (string Text, DateTimeOffset Last)> lines) : IFileContent
{
    /// <summary>Which log it is.</summary>
    public string Name => name;

    public byte[] Kept => kept;

    public DateTimeOffset Since => since;

    public long Size => kept.Length + Encoding.UTF8.GetByteCount(lines(since).Text);

    public DateTimeOffset Changed => lines(since).Last is var last && last > since ? last : since;

    public byte[] Read() => [.. kept, .. Encoding.UTF8.GetBytes(lines(since).Text)];

    /// <summary>The log as somebody wrote it anew.</summary>
    public LogContent With(byte[] content, DateTimeOffset now) => new(name, content, now, lines);
}
