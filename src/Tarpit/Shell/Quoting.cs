using System.Buffers;
using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>Texts so that the shell reads them as they are.</summary>
internal static class Quoting
{
    private static readonly SearchValues<char> s_special = SearchValues.Create(" !\"$&()*;<=>?[\\^`|'\t\n:");

    /// <summary>As ${name@Q} has it: in single quotes.</summary>
    public static string Of(string text) => NeedsAnsi(text) ? Ansi(text) : Single(text);

    /// <summary>In single quotes, whatever is in it.</summary>
    public static string Single(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>As printf %q has it: with backslashes, where any are needed.</summary>
    public static string WithBackslashes(string text)
    {
        if (text.Length == 0)
        {
            return "''";
        }

        if (NeedsAnsi(text))
        {
            return Ansi(text);
        }

        StringBuilder quoted = new();
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool isPlain = char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.' or ':' or '-' or '=' or '@' or '%' or '+' or > '~' || (i > 0 && c is '#' or '~' && i > 0);
            _ = isPlain ? quoted.Append(c) : quoted.Append('\\').Append(c);
        }

        return quoted.ToString();
    }

    /// <summary>As the elements of declare -p stand in double quotes.</summary>
    public static string InDoubleQuotes(string text)
    {
        StringBuilder quoted = new();
        foreach (char c in text)
        {
            _ = c is '"' or '\\' or '$' or '`' ? quoted.Append('\\').Append(c) : quoted.Append(c);
        }

        return quoted.ToString();
    }

    /// <summary>A value as declare -p has it.</summary>
    public static string OfDeclaration(string text) => NeedsAnsi(text) ? Ansi(text) : $"\"{InDoubleQuotes(text)}\"";

    /// <summary>A value as set has it: quoted only if need be.</summary>
    public static string IfNeeded(string text) => text.Length == 0 ? "" : NeedsAnsi(text) ? Ansi(text) : text.Any(IsSpecial) ? (text is "'" ? "\\'" : Of(text)) : text;

    /// <summary>A file name in an error of a program: quoted if the shell would not read it as it is.</summary>
    public static string OfFile(string name) => name.Length > 0 && !name.AsSpan().ContainsAny(s_special) ? name : Of(name);

    /// <summary>A key of an associative array.</summary>
    public static string KeyOf(string key) => key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '/' or ':' or '+' or ',' or '%' or '=' or > '~') ? key : NeedsAnsi(key) ? Ansi(key) : $"\"{InDoubleQuotes(key)}\"";

    private static bool IsControl(char c) => c < ' ' || c == '\x7f';

    // Texts are bytes: those that are no UTF-8 cannot be shown.
    private static bool NeedsAnsi(string text) => text.Any(IsControl) || (text.Any(static c => c > '\x7f') && !Characters.IsValid(text));

    private static bool IsSpecial(char c) => !(char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.' or ':' or '-' or '=' or '@' or '%' or '+' or ',' or '#' or > '~');

    private static string Ansi(string text)
    {
        StringBuilder quoted = new("$'");
        bool isValid = Characters.IsValid(text);
        foreach (char c in text)
        {
            _ = c switch
            {
                > '\x7f' when !isValid => quoted.Append('\\').Append(Convert.ToString(c, 8)),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                '\e' => quoted.Append("\\E"),
                '\a' => quoted.Append("\\a"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                '\v' => quoted.Append("\\v"),
                '\x7f' => quoted.Append("\\177"),
                '\'' => quoted.Append("\\'"),
                '\\' => quoted.Append("\\\\"),
                < ' ' => quoted.Append('\\').Append(Convert.ToString(c, 8).PadLeft(3, '0')),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('\'').ToString();
    }
}
