using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Banners.Wire;

/// <summary>A command of the Redis serialization protocol: an array of bulk strings, or a line of words.</summary>
internal static class RespRequest
{
    public const int LargestBulk = 1 << 20;

    private const int MostWords = 1024;
    private const int LongestLine = 64 * 1024;

    /// <summary>Reads one command.</summary>
    /// <param name="words">Its words; none for an empty line.</param>
    /// <param name="error">What is wrong, as the server says it; the connection ends.</param>
    /// <returns>Bytes read; 0: more are needed, or there is an error.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, out byte[][] words, out string? error)
    {
        (words, error) = ([], null);
        if (bytes.IsEmpty)
        {
            return 0;
        }

        return bytes[0] == '*' ? ReadArray(bytes, out words, out error) : ReadLine(bytes, out words, out error);
    }

    private static int ReadArray(ReadOnlySpan<byte> bytes, out byte[][] words, out string? error)
    {
        (words, error) = ([], null);
        int at = Number(bytes[1..], out long count, out bool isWhole) + 1;
        if (!isWhole)
        {
            error = bytes.Length > LongestLine ? "Protocol error: too big mbulk count string" : null;
            return 0;
        }

        if (count is long.MinValue or > MostWords)
        {
            error = "Protocol error: invalid multibulk length";
            return 0;
        }

        // Nothing is copied before all of it is there: what comes byte by byte is read again each time.
        List<Range> found = [];
        for (long i = 0; i < count; i++)
        {
            if (at >= bytes.Length)
            {
                return 0;
            }

            if (bytes[at] != '$')
            {
                error = $"Protocol error: expected '$', got '{(bytes[at] is >= 32 and < 127 ? (char)bytes[at] : '?')}'";
                return 0;
            }

            int head = Number(bytes[(at + 1)..], out long length, out isWhole);
            if (!isWhole)
            {
                error = bytes.Length - at > LongestLine ? "Protocol error: too big bulk count string" : null;
                return 0;
            }

            if (length is < 0 or > LargestBulk)
            {
                error = "Protocol error: invalid bulk length";
                return 0;
            }

            at += 1 + head;
            if (bytes.Length - at < length + 2)
            {
                return 0;
            }

            found.Add(at..(at + (int)length));
            at += (int)length + 2;
        }

        words = new byte[found.Count][];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = bytes[found[i]].ToArray();
        }

        return at;
    }

    private static int ReadLine(ReadOnlySpan<byte> bytes, out byte[][] words, out string? error)
    {
        (words, error) = ([], null);
        int feed = bytes.IndexOf((byte)'\n');
        if (feed < 0)
        {
            error = bytes.Length > LongestLine ? "Protocol error: too big inline request" : null;
            return 0;
        }

        words = Split(Encoding.Latin1.GetString(bytes[..feed]).TrimEnd('\r'), out bool isBalanced);
        error = isBalanced ? null : "Protocol error: unbalanced quotes in request";
        return isBalanced ? feed + 1 : 0;
    }

    private static byte[][] Split(string line, out bool isBalanced)
    {
        List<byte[]> words = [];
        isBalanced = true;
        int at = 0;
        while (words.Count < MostWords)
        {
            while (at < line.Length && char.IsWhiteSpace(line[at]))
            {
                at++;
            }

            if (at == line.Length)
            {
                break;
            }

            StringBuilder word = new();
            char quote = line[at] is '"' or '\'' ? line[at++] : '\0';
            while (at < line.Length && (quote == '\0' ? !char.IsWhiteSpace(line[at]) : line[at] != quote))
            {
                if (quote == '"' && line[at] == '\\' && at + 1 < line.Length)
                {
                    at++;
                    word.Append(line[at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'a' => '\a', var other => other });
                    at++;
                    continue;
                }

                word.Append(line[at++]);
            }

            if (quote != '\0')
            {
                if (at == line.Length)
                {
                    isBalanced = false;
                    return [];
                }

                at++;
            }

            words.Add(Encoding.Latin1.GetBytes(word.ToString()));
        }

        return [.. words];
    }

    // Digits up to CR LF: how many bytes they took. Not whole: the line has no end yet. Not a number: the smallest.
    private static int Number(ReadOnlySpan<byte> bytes, out long value, out bool isWhole)
    {
        value = long.MinValue;
        int end = bytes.IndexOf((byte)'\r');
        isWhole = end >= 0 && end + 1 < bytes.Length;
        if (!isWhole)
        {
            return 0;
        }

        if (!long.TryParse(bytes[..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            value = long.MinValue;
        }

        return end + 2;
    }
}
