using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell;

/// <summary>What a PHP file shows when it is run, as far as it is text: what stands outside of the code, and texts that are printed. Nothing is executed.</summary>
internal static partial class PhpText
{
    private const int Longest = 1 << 20;

    public static string Render(string source)
    {
        StringBuilder text = new();
        int at = 0;
        while (at < source.Length && text.Length < Longest)
        {
            int open = source.IndexOf("<?", at, StringComparison.Ordinal);
            if (open < 0)
            {
                text.Append(source.AsSpan(at));
                break;
            }

            text.Append(source.AsSpan(at, open - at));
            int close = source.IndexOf("?>", open, StringComparison.Ordinal);
            int end = close < 0 ? source.Length : close;
            foreach (Match match in Printed().Matches(source[open..end]))
            {
                text.Append(match.Groups["text"].Value.Replace("\\n", "\n", StringComparison.Ordinal));
            }

            at = close < 0 ? source.Length : close + 2;
            at += at < source.Length && source[at] == '\n' ? 1 : 0;
        }

        return text.ToString();
    }

    [GeneratedRegex("""(?:echo|print|<\?=)\s*\(?\s*(?:"(?<text>[^"$]*)"|'(?<text>[^']*)')\s*\)?\s*;?""", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Printed();
}
