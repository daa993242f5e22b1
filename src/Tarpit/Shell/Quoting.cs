using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>Texts so that the shell reads them as they are.</summary>
internal static class Quoting
{
    /// <summary>As ${name@Q} has it: in single quotes.</summary>
    public static string Of(string text) => text.Any(char.IsControl) ? Ansi(text) : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>As printf %q has it: with backslashes, where any are needed.</summary>
    public static string WithBackslashes(string text)
    {
        if (text.Length == 0)
        {
            return "''";
        }

        if (text.Any(char.IsControl))
        {
            return Ansi(text);
        }

        StringBuilder quoted = new();
        foreach (char c in text)
        {
            _ = char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.' or ':' or '-' or '=' or '@' or '%' or '+' or > '~' ? quoted.Append(c) : quoted.Append('\\').Append(c);
        }

        return quoted.ToString();
    }

    private static string Ansi(string text)
    {
        StringBuilder quoted = new("$'");
        foreach (char c in text)
        {
            _ = c switch
            {
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                '\e' => quoted.Append("\\E"),
                '\'' => quoted.Append("\\'"),
                '\\' => quoted.Append("\\\\"),
                < ' ' => quoted.Append('\\').Append(Convert.ToString(c, 8).PadLeft(3, '0')),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('\'').ToString();
    }
}
