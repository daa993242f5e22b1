using System.Text;

namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Here-documents that were announced on a line and whose text begins on the next one.</summary>
internal sealed class HereDocuments(SourceText source)
{
    private readonly List<(List<Redirection> Redirections, int Index, string Delimiter, bool StripsTabs, bool IsLiteral)> _pending = [];

    private readonly List<(int Line, string Message)> _warnings = [];

    public bool HasPending => _pending.Count > 0;

    /// <summary>Appends a redirection whose text is read later.</summary>
    public void Announce(List<Redirection> redirections, Redirection redirection, string delimiter, bool stripsTabs, bool isLiteral)
    {
        _pending.Add((redirections, redirections.Count, delimiter, stripsTabs, isLiteral));
        redirections.Add(redirection);
    }

    /// <summary>Reads the text of all that were announced; the position is the start of a line.</summary>
    public void ReadPending()
    {
        // The text of one may hold substitutions with documents of their own.
        var pending = _pending.ToArray();
        _pending.Clear();
        foreach ((List<Redirection> redirections, int index, string delimiter, bool stripsTabs, bool isLiteral) in pending)
        {
            int line = source.Line;
            string text = ReadText(delimiter, stripsTabs, isLiteral);
            Word word = isLiteral ? new Word(text, [new LiteralPart(text, IsQuoted: true)]) : WordReader.ReadWhole(text, WordReader.Place.Document, line, source.Aliases);
            redirections[index] = redirections[index] with { Target = word };
        }
    }

    public IReadOnlyList<(int Line, string Message)> TakeWarnings()
    {
        (int, string)[] taken = [.. _warnings];
        _warnings.Clear();
        return taken;
    }

    /// <summary>The text ended before the documents did: they end with it, as bash has it.</summary>
    public void ReadToEnd()
    {
        ReadPending();
        IsCut = true;
    }

    /// <summary>Whether a document had no last line.</summary>
    public bool IsCut { get; private set; }

    private string ReadText(string delimiter, bool stripsTabs, bool isLiteral)
    {
        StringBuilder text = new();
        string joined = "";
        int first = source.Line - 1;
        while (true)
        {
            if (source.IsAtEnd)
            {
                IsCut = true;
                WarnCut(source.Line - (source.Text.EndsWith('\n') ? 1 : 0), first, delimiter);
                return text.ToString();
            }

            int end = source.Text.IndexOf('\n', source.Position);
            string line = end < 0 ? source.Text[source.Position..] : source.Text[source.Position..end];
            line = stripsTabs ? line.TrimStart('\t') : line;
            bool continues = joined.Length > 0;
            if (string.Equals(joined + line.TrimEnd('\r'), delimiter, StringComparison.Ordinal))
            {
                // What was joined is part of its end.
                text.Length -= continues ? text.Length - (text.ToString().LastIndexOf('\n', Math.Max(0, text.Length - 2)) + 1) : 0;
                source.Position = end < 0 ? source.Text.Length : end + 1;
                return text.ToString();
            }

            if (!continues && delimiter.Length > 0 && line.Length > delimiter.Length && line.StartsWith(delimiter, StringComparison.Ordinal) && line[delimiter.Length] == ')' && IsInSubstitution)
            {
                // $(cat <<EOF ... EOF): the bracket behind the delimiter ends it too.
                WarnCut(source.Line, first, delimiter);
                source.Position += line.Length - line.TrimStart('\t').Length + delimiter.Length;
                return text.ToString();
            }

            source.Position = end < 0 ? source.Text.Length : end + 1;
            joined = !isLiteral && line.EndsWith('\\') && (line.Length - line.TrimEnd('\\').Length) % 2 == 1 ? joined + line[..^1] : "";
            text.Append(line).Append('\n');
        }
    }

    private void WarnCut(int line, int first, string delimiter) => _warnings.Add((line, FormattableString.Invariant($"warning: here-document at line {first} delimited by end-of-file (wanted `{delimiter}')")));

    /// <summary>Whether commands of a substitution are read.</summary>
    public bool IsInSubstitution { get; set; }
}
