using System.Globalization;

namespace Blackwall.Tarpit.Shell.Sed;

/// <summary>The text of a sed script, and the place in it that is read next.</summary>
internal abstract class SedScanner(string script)
{
    protected string Script => script;

    protected int Place { get; set; }

    protected string ReadUntil(string ends)
    {
        int start = Place;
        while (Place < Script.Length && !ends.Contains(Script[Place], StringComparison.Ordinal))
        {
            Place++;
        }

        return Script[start..Place];
    }

    protected string ReadDigits()
    {
        int start = Place;
        while (char.IsAsciiDigit(Peek()))
        {
            Place++;
        }

        return Script[start..Place];
    }

    protected long Number() => long.TryParse(ReadDigits(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    protected void SkipLine()
    {
        while (Place < Script.Length && Script[Place] != '\n')
        {
            Place++;
        }
    }

    protected void SkipBlanks()
    {
        while (Peek() is ' ' or '\t')
        {
            Place++;
        }
    }

    protected char Peek() => Place < Script.Length ? Script[Place] : '\0';

    protected FormatException Wrong(string message) => new(string.Create(CultureInfo.InvariantCulture, $"-e expression #1, char {Math.Min(Place, Script.Length)}: {message}"));
}
