namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Reads "import a.b as c, d" and "from a import b as c".</summary>
internal static class ImportReader
{
    public static Import Read(TokenReader words)
    {
        Token word = words.Next();
        string? from = null;
        if (word.Text is "from")
        {
            string dots = "";
            while (words.Is(".") || words.Is("..."))
            {
                dots += words.Next().Text;
            }

            from = dots + (words.Is("import") ? "" : Dotted(words));
            words.Expect("import");
        }

        bool hasBrackets = from is not null && words.Take("(");
        List<(string, string?)> names = [];
        do
        {
            if (hasBrackets && words.Is(")"))
            {
                break;
            }

            string name = from is not null && words.Take("*") ? "*" : from is null ? Dotted(words) : words.Name().Text;
            names.Add((name, words.Take("as") ? words.Name().Text : null));
        }
        while (words.Take(","));
        if (hasBrackets)
        {
            words.Expect(")");
        }

        return new Import(from, names, words.Since(word.Place));
    }

    private static string Dotted(TokenReader words)
    {
        string name = words.Name().Text;
        while (words.Take("."))
        {
            name += "." + words.Name().Text;
        }

        return name;
    }
}
