using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Sed;

/// <summary>One command of a sed script.</summary>
internal sealed class SedCommand
{
    public SedAddress? First { get; init; }

    public SedAddress? Second { get; init; }

    public bool IsNegated { get; init; }

    public char Name { get; init; }

    /// <summary>Text of a, i and c; a label; a file.</summary>
    public string Text { get; set; } = "";

    public SedSubstitution? Substitution { get; set; }

    /// <summary>y: what becomes what.</summary>
    public Dictionary<char, char>? Map { get; set; }

    /// <summary>Where a branch or a block goes on.</summary>
    public int Target { get; set; } = -1;

    /// <summary>Whether the range is open, and the line with which it ends if that is known.</summary>
    public bool IsOpen { get; set; }

    /// <summary>A range that began with a number and ended: it does not begin again.</summary>
    public bool IsClosed { get; set; }

    public long End { get; set; } = -1;
}

/// <summary>An address: a line, the last line, an expression, or steps.</summary>
/// <param name="Kind">'n': line, '$': last, '/': expression (null: the last one used), '~': first~step, '+': so many lines more, 'm': up to a multiple.</param>
internal sealed record SedAddress(char Kind, long Line, long Step, Regex? Expression);

/// <summary>s/expression/replacement/flags.</summary>
internal sealed record SedSubstitution(Regex? Expression, IReadOnlyList<SedPiece> Replacement, bool IsGlobal, int Number, bool Prints, string? File, bool Executes);

/// <summary>A piece of a replacement: text, a group (0: all), or a change of case.</summary>
internal sealed record SedPiece(string? Text, int Group = -1, char Case = '\0');
