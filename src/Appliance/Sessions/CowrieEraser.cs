using System.Text;

namespace Blackwall.Sessions;

/// <summary>Overwrites the lines of sessions in a log, each in its place and with its length.</summary>
internal static class CowrieEraser
{
    private const int IdLength = 12;
    private const int FirstBuffer = 256 * 1024;

    private static ReadOnlySpan<byte> Erased => "{\"eventid\":\"blackwall.session.deleted\"}"u8;

    // Within texts JSON escapes quotation marks: these can only be the property.
    private static ReadOnlySpan<byte> Property => "\"session\":\""u8;

    public static void Erase(string path, IReadOnlySet<string> ids)
    {
        using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, BufferSize = 0 });
        byte[] buffer = new byte[FirstBuffer];
        int held = 0;
        for (long at = 0; ;)
        {
            // What it holds begins with a line.
            file.Position = at + held;
            int got = file.Read(buffer.AsSpan(held));
            held += got;
            int whole = buffer.AsSpan(0, held).LastIndexOf((byte)'\n') + 1;
            EraseLines(file, at, buffer.AsSpan(0, whole), ids);
            if (got == 0)
            {
                return;
            }

            buffer.AsSpan(whole, held - whole).CopyTo(buffer);
            (at, held) = (at + whole, held - whole);
            if (held == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    private static void EraseLines(FileStream file, long at, Span<byte> lines, IReadOnlySet<string> ids)
    {
        while (lines.IndexOf((byte)'\n') is >= 0 and var length)
        {
            Span<byte> line = lines[..length];
            int property = line.LastIndexOf(Property) + Property.Length;
            if (property >= Property.Length && property + IdLength <= length && length >= Erased.Length && ids.Contains(Encoding.ASCII.GetString(line.Slice(property, IdLength))))
            {
                line.Fill((byte)' ');
                Erased.CopyTo(line);
                file.Position = at;
                file.Write(line);
            }

            lines = lines[(length + 1)..];
            at += length + 1;
        }
    }
}
