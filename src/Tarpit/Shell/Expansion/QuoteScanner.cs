namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Finds the ends of quotes and brackets in a word that was parsed already. What has no end reaches to the end of the word.</summary>
internal static class QuoteScanner
{
    /// <summary>The place of the double quote that closes the one at this place.</summary>
    public static int FindDoubleQuoteEnd(string word, int open)
    {
        for (int i = open + 1; i < word.Length; i++)
        {
            if (word[i] == '\\')
            {
                i++;
            }
            else if (word[i] == '$' && i + 1 < word.Length && word[i + 1] is '(' or '{')
            {
                i = FindBracketEnd(word, i + 1);
            }
            else if (word[i] == '"')
            {
                return i;
            }
        }

        return word.Length;
    }

    /// <summary>The place of the bracket, round or curly, that closes the one at this place.</summary>
    public static int FindBracketEnd(string word, int open)
    {
        char opening = word[open], closing = opening == '(' ? ')' : '}';
        int depth = 0;
        for (int i = open; i < word.Length; i++)
        {
            char c = word[i];
            if (c == '\\')
            {
                i++;
            }
            else if (c == '\'' && opening == '(')
            {
                int end = word.IndexOf('\'', i + 1);
                i = end < 0 ? word.Length : end;
            }
            else if (c == '"')
            {
                i = FindDoubleQuoteEnd(word, i);
            }
            else if (c == opening)
            {
                depth++;
            }
            else if (c == closing && --depth == 0)
            {
                return i;
            }
        }

        return word.Length;
    }
}
