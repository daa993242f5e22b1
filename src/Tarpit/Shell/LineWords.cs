using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>Where words of a line begin and end, as readline's keys count them.</summary>
internal static class LineWords
{
    /// <summary>Where the word before a place begins; only letters and digits make words.</summary>
    public static int Before(StringBuilder line, int at)
    {
        while (at > 0 && !char.IsLetterOrDigit(line[at - 1]))
        {
            at--;
        }

        while (at > 0 && char.IsLetterOrDigit(line[at - 1]))
        {
            at--;
        }

        return at;
    }

    /// <summary>Where the word after a place ends.</summary>
    public static int After(StringBuilder line, int at)
    {
        while (at < line.Length && !char.IsLetterOrDigit(line[at]))
        {
            at++;
        }

        while (at < line.Length && char.IsLetterOrDigit(line[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>Where the word before a place begins; only spaces part words.</summary>
    public static int Start(StringBuilder line, int at)
    {
        while (at > 0 && line[at - 1] == ' ')
        {
            at--;
        }

        while (at > 0 && line[at - 1] != ' ')
        {
            at--;
        }

        return at;
    }

    /// <summary>A word in capitals ('u'), without ('l'), or with one at its beginning ('c').</summary>
    public static string WithCase(string word, char kind)
    {
        int first = 0;
        while (first < word.Length && !char.IsLetterOrDigit(word[first]))
        {
            first++;
        }

        return kind switch
        {
            'u' => Characters.Upper(word),
            'l' => Characters.Lower(word),
            _ => first < word.Length ? word[..first] + Characters.Upper(word[first..(first + 1)]) + Characters.Lower(word[(first + 1)..]) : word,
        };
    }
}
