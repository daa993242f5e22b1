using System.Text;

namespace Blackwall.Tarpit.Shell.Prompting;

/// <summary>What changes the words of an event: ":h", ":s/a/b/" and the like. A substitution is kept for ":&amp;".</summary>
internal sealed class HistoryModifiers
{
    private (string Old, string New)? _last;

    public string Apply(HistoryExpansion.Reader reader, string text, string sought, ref bool isPrinted)
    {
        while (reader.Peek == ':')
        {
            int start = reader.At++;
            bool isGlobal = reader.Peek is 'g' or 'a', isByWord = reader.Peek == 'G';
            reader.At += isGlobal || isByWord ? 1 : 0;
            char modifier = reader.Peek;
            if (modifier is 'e' or 'r' or 't' or 'h' or 'p' or 'q' or 'x' or 's' or '&')
            {
                reader.At++;
            }

            switch (modifier)
            {
                case 'h':
                    text = text.LastIndexOf('/') is > 0 and var slash ? text[..slash] : text.StartsWith('/') ? "/" : text;
                    break;
                case 't':
                    text = text[(text.LastIndexOf('/') + 1)..];
                    break;
                case 'r':
                    text = text.LastIndexOf('.') is >= 0 and var dot ? text[..dot] : text;
                    break;
                case 'e':
                    text = text.LastIndexOf('.') is >= 0 and var end ? text[end..] : text;
                    break;
                case 'p':
                    isPrinted = true;
                    break;
                case 'q':
                    text = Quoting.Single(text);
                    break;
                case 'x':
                    text = string.Join(' ', text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(Quoting.Single));
                    break;
                case 's':
                    (string old, string replacement) = Read(reader, sought);
                    _last = (old, replacement.Replace("\\&", "\0", StringComparison.Ordinal).Replace("&", old, StringComparison.Ordinal).Replace("\0", "&", StringComparison.Ordinal));
                    text = Substitute(text, isGlobal, isByWord, reader.Text[start..reader.At]);
                    break;
                case '&':
                    text = Substitute(text, isGlobal, isByWord, reader.Text[start..reader.At]);
                    break;
                default:
                    throw new FormatException($"{reader.Text[start..Math.Min(reader.Text.Length, reader.At + 1)]}: unrecognized history modifier");
            }
        }

        return text;
    }

    private (string Old, string New) Read(HistoryExpansion.Reader reader, string sought)
    {
        char delimiter = reader.Peek;
        reader.At++;
        string old = Part(reader, delimiter), replacement = Part(reader, delimiter);
        return (old.Length > 0 ? old : _last?.Old ?? sought, replacement);
    }

    private static string Part(HistoryExpansion.Reader reader, char delimiter)
    {
        StringBuilder text = new();
        while (reader.At < reader.Text.Length && reader.Peek != delimiter)
        {
            if (reader.Peek == '\\' && reader.After == delimiter)
            {
                reader.At++;
            }

            text.Append(reader.Peek);
            reader.At++;
        }

        reader.At += reader.At < reader.Text.Length ? 1 : 0;
        return text.ToString();
    }

    private string Substitute(string text, bool isGlobal, bool isByWord, string shown)
    {
        if (_last is not { Old.Length: > 0 } last)
        {
            throw new FormatException($"{shown}: no previous substitution");
        }

        if (!text.Contains(last.Old, StringComparison.Ordinal))
        {
            throw new FormatException($"{shown}: substitution failed");
        }

        return isGlobal ? text.Replace(last.Old, last.New, StringComparison.Ordinal)
            : isByWord ? string.Join(' ', text.Split(' ').Select(word => First(word, last))) : First(text, last);
    }

    private static string First(string text, (string Old, string New) last) =>
        text.IndexOf(last.Old, StringComparison.Ordinal) is >= 0 and var at ? string.Concat(text.AsSpan(0, at), last.New, text.AsSpan(at + last.Old.Length)) : text;
}
