using System.Text;

namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Here-documents that were announced on a line and whose text begins on the next one.</summary>
internal sealed class HereDocuments(SourceText source)
{
    private readonly List<(List<Redirection> Redirections, int Index, string Delimiter, bool StripsTabs, bool IsLiteral)> _pending = [];

    public bool HasPending => _pending.Count > 0;

    /// <summary>Appends a redirection whose text is read later.</summary>
    public void Announce(List<Redirection> redirections, string delimiter, bool stripsTabs, bool isLiteral)
    {
        _pending.Add((redirections, redirections.Count, delimiter, stripsTabs, isLiteral));
        redirections.Add(new Redirection(0, "<<", ""));
    }

    /// <summary>Reads the text of all that were announced; the position is the start of a line.</summary>
    public void ReadPending()
    {
        foreach ((List<Redirection> redirections, int index, string delimiter, bool stripsTabs, bool isLiteral) in _pending)
        {
            redirections[index] = new Redirection(0, "<<", ReadText(delimiter, stripsTabs), isLiteral);
        }

        _pending.Clear();
    }

    private string ReadText(string delimiter, bool stripsTabs)
    {
        StringBuilder text = new();
        while (true)
        {
            if (source.IsAtEnd)
            {
                throw Unended();
            }

            int end = source.Text.IndexOf('\n', source.Position);
            string line = end < 0 ? source.Text[source.Position..] : source.Text[source.Position..end];
            source.Position = end < 0 ? source.Text.Length : end + 1;
            line = stripsTabs ? line.TrimStart('\t') : line;
            if (string.Equals(line.TrimEnd('\r'), delimiter, StringComparison.Ordinal))
            {
                return text.ToString();
            }

            text.Append(line).Append('\n');
        }
    }

    /// <summary>The error for a document without its last line.</summary>
    public static SyntaxException Unended() => new("here-document delimited by end-of-file", isIncomplete: true);
}
