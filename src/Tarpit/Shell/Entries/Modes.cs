using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>Permission bits as text and back.</summary>
internal static class Modes
{
    /// <summary>-rwxr-xr-x.</summary>
    public static string Text(Node node)
    {
        Span<char> text = stackalloc char[10];
        text[0] = node.Letter;
        for (int bit = 0; bit < 9; bit++)
        {
            text[bit + 1] = (node.Mode & (0x100 >> bit)) != 0 ? "rwx"[bit % 3] : '-';
        }

        if ((node.Mode & 0x800) != 0)
        {
            text[3] = text[3] == 'x' ? 's' : 'S';
        }

        if ((node.Mode & 0x400) != 0)
        {
            text[6] = text[6] == 'x' ? 's' : 'S';
        }

        if ((node.Mode & 0x200) != 0)
        {
            text[9] = text[9] == 'x' ? 't' : 'T';
        }

        return new string(text);
    }

    /// <summary>755, u+x, go-w, a=r, g=u; null: it is no mode.</summary>
    /// <param name="mask">Bits that a change without u, g, o or a leaves alone.</param>
    public static int? Apply(string change, Node node, int mask = 0x12)
    {
        if (change.Length > 0 && change.All(c => c is >= '0' and <= '7'))
        {
            // A folder keeps the bits of its groups and users unless they are spelt out.
            return change.Length > 12 || Convert.ToInt64(change, 8) is > 0xFFF ? null : Convert.ToInt32(change, 8) | (node is FolderNode && change.Length < 5 ? node.Mode & 0xC00 : 0);
        }

        int mode = node.Mode;
        foreach (string part in change.Split(','))
        {
            int at = part.AsSpan().IndexOfAnyExcept("ugoa");
            if (at < 0)
            {
                return null;
            }

            int who = 0;
            foreach (char c in part.AsSpan(0, at))
            {
                who |= c switch { 'u' => 0x9C0, 'g' => 0x438, 'o' => 0x207, _ => 0xFFF };
            }

            // One or more changes for the same people: u+r-w=x.
            while (at < part.Length)
            {
                char sign = part[at++];
                int end = part.AsSpan(at).IndexOfAny("+-=") is >= 0 and var next ? at + next : part.Length;
                if (sign is not ('+' or '-' or '=') || Bits(part.AsSpan(at, end - at), mode, node is FolderNode) is not { } bits)
                {
                    return null;
                }

                int people = who == 0 ? 0xFFF & ~mask : who;
                bits &= people;
                mode = sign switch { '+' => mode | bits, '-' => mode & ~bits, _ => (mode & ~((who == 0 ? 0xFFF : who) & (node is FolderNode ? 0x3FF : 0xFFF))) | bits };
                at = end;
            }
        }

        return mode;
    }

    private static int? Bits(ReadOnlySpan<char> letters, int mode, bool isFolder)
    {
        if (letters is "u" or "g" or "o")
        {
            int copied = (letters[0] switch { 'u' => mode >> 6, 'g' => mode >> 3, _ => mode }) & 7;
            return copied * 0x49;
        }

        int bits = 0;
        foreach (char c in letters)
        {
            if (!"rwxXst".Contains(c, StringComparison.Ordinal))
            {
                return null;
            }

            bits |= c switch { 'r' => 0x124, 'w' => 0x92, 'x' => 0x49, 's' => 0xC00, 't' => 0x200, _ => (mode & 0x49) != 0 || isFolder ? 0x49 : 0 };
        }

        return bits;
    }
}
