using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

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

    /// <summary>755, u+x, go-w, a=r; null: it is no mode.</summary>
    public static int? Apply(string change, Node node)
    {
        if (change.Length is > 0 and <= 5 && change.All(c => c is >= '0' and <= '7'))
        {
            return Convert.ToInt32(change, 8) & 0xFFF;
        }

        int mode = node.Mode;
        foreach (string part in change.Split(','))
        {
            int sign = part.AsSpan().IndexOfAny('+', '-', '=');
            if (sign < 0)
            {
                return null;
            }

            int who = 0;
            foreach (char c in part.AsSpan(0, sign))
            {
                who |= c switch { 'u' => 0x9C0, 'g' => 0x438, 'o' => 0x207, 'a' => 0xFFF, _ => 0 };
            }

            who = sign == 0 ? 0xFFF : who;
            int bits = 0;
            foreach (char c in part.AsSpan(sign + 1))
            {
                bits |= c switch { 'r' => 0x124, 'w' => sign == 0 ? 0x080 : 0x092, 'x' => 0x049, 's' => 0xC00, 't' => 0x200, 'X' => (mode & 0x49) != 0 || node is FolderNode ? 0x49 : 0, _ => 0 };
            }

            bits &= who;
            mode = part[sign] switch { '+' => mode | bits, '-' => mode & ~bits, _ => (mode & ~who) | bits };
        }

        return mode;
    }
}
